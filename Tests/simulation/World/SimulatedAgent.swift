import AgentLink
import Basics

/// The agent’s server: answers each question with words that name it.
final class SimulatedAgent: @unchecked Sendable {
    struct Run {
        let question: Int
        let number: Int
        let context: Int64
        /// Questions that the transcript held beside it.
        let others: [Int]
        let hasFile: Bool
        var isComplete = false
        /// Nothing was to be said.
        var isSilent = false
    }

    private(set) var runs: [Run] = []
    private(set) var open = 0
    /// What the host should have known better.
    private(set) var faults: [String] = []
    private var openContexts: [Int64: Int] = [:]
    private var refused: Set<Int> = []
    private let system: VirtualSystem
    private let weather: Weather
    private let trace: Trace
    private var chance: Chance

    init(_ system: VirtualSystem, _ weather: Weather, _ trace: Trace, seed: UInt64) {
        self.system = system
        self.weather = weather
        self.trace = trace
        chance = Chance(seed: seed, for: "agent")
    }

    func run(
        _ request: AgentRequest,
        _ life: Life,
        willSend: @escaping @Sendable () async throws -> Void
    ) async throws(AgentError) -> AgentRun {
        let fault = weather.agentFault
        try await pause(weather.latency(5...150))
        guard !life.isOver else { throw .cancelled }
        if fault == .unreachable { throw .unreachable(retryAfter: nil, reason: "connection refused") }
        do { try await willSend() } catch { throw .cancelled }
        guard !life.isOver else { throw .cancelled }
        try await pause(weather.latency(1...30))
        guard !life.isOver else { throw .cancelled }
        switch fault {
        case .busy?: throw .unreachable(retryAfter: .seconds(weather.number(1...9)), reason: "429")
        case .busyUntold?: throw .unreachable(retryAfter: nil, reason: "503")
        case .refused?:
            if let question = Self.questions(request).last ?? nil { refused.insert(question) }
            throw .refused(.failure(status: 500), reason: "500")
        default: break
        }
        let run = begin(request)
        switch fault {
        case .lost?: throw .unknownOutcome(reason: "the connection was lost")
        case .hangs?:
            try await pause(.seconds(60))
            throw .unknownOutcome(reason: "no answer came")
        default: return answer(run, fault, life)
        }
    }

    private func begin(_ request: AgentRequest) -> Int {
        let questions = Self.questions(request)
        let question = (questions.last ?? nil) ?? 0
        runs.append(
            Run(
                question: question,
                number: runs.count + 1,
                context: request.platformChatID,
                others: questions.dropLast().compactMap { $0 },
                hasFile: request.messages.last?.hasFile ?? false
            )
        )
        trace.note("agent runs \(runs.count) on Q\(question), after \(runs[runs.count - 1].others)")
        return runs.count - 1
    }

    private static func questions(_ request: AgentRequest) -> [Int?] {
        request.messages.filter { $0.role == .user }.map { Marks.question(in: $0.words) }
    }

    private func answer(_ index: Int, _ fault: Weather.AgentFault?, _ life: Life) -> AgentRun {
        let (events, stream) = AsyncStream.makeStream(of: AgentEvent.self)
        let context = runs[index].context
        open += 1
        openContexts[context, default: 0] += 1
        if openContexts[context, default: 0] > 1 { faults.append("two runs at once in context \(context)") }
        for question in runs[index].others where refused.contains(question) {
            faults.append("Q\(runs[index].question) was asked with Q\(question) before it, which was refused")
        }
        stream.onTermination = { [self] _ in
            open -= 1
            openContexts[context, default: 0] -= 1
        }
        stream.yield(.started)
        var pieces = Answer.pieces(question: runs[index].question, run: runs[index].number, &chance)
        var ending = AgentOutcome.Ending.finished
        switch fault {
        case .breaksOff?: (pieces, ending) = (Array(pieces.prefix(chance.int(0...pieces.count))), .truncated)
        case .fails?: (pieces, ending) = (Array(pieces.prefix(chance.int(0...pieces.count))), .failed(code: "X"))
        case .timesOut?: (pieces, ending) = (Array(pieces.prefix(chance.int(0...pieces.count))), .timedOut)
        case .saysNothing?: pieces = []
        default: break
        }
        runs[index].isSilent = pieces.isEmpty
        var at = system.elapsed
        for piece in pieces {
            at += chance.duration(1...900)
            system.at(at) { if !life.isOver { stream.yield(.text(index: 0, message: "m\(index)", delta: piece)) } }
        }
        at += chance.duration(1...500)
        system.at(at) { [self, ending] in
            if !life.isOver {
                if ending == .finished, fault != .saysNothing { runs[index].isComplete = true }
                stream.yield(.ended(AgentOutcome(ending: ending, messages: [])))
            }
            stream.finish()
        }
        return AgentRun(events)
    }

    private func pause(_ duration: Duration) async throws(AgentError) {
        do { try await system.sleep(for: duration) } catch { throw .cancelled }
    }
}

/// The agent as one life of the host reaches it.
struct AgentLine: AgentApi {
    let agent: SimulatedAgent
    let life: Life

    func run(
        _ request: AgentRequest,
        willSend: @escaping @Sendable () async throws -> Void
    ) async throws(AgentError) -> AgentRun { try await agent.run(request, life, willSend: willSend) }

    func probe() async throws(AgentError) -> Int { 405 }
}

extension AgentMessage {
    fileprivate var hasFile: Bool { parts.contains { if case .file = $0 { true } else { false } } }

    fileprivate var words: String {
        parts.map { if case .text(let text) = $0 { text } else { "" } }.joined(separator: " ")
    }
}
