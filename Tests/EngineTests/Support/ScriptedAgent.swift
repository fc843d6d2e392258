import AgentLink
import Synchronization

/// An agent that does with each call what the test says.
final class ScriptedAgent: AgentApi {
    /// One run, open until ``finish(_:)``.
    struct Call: Sendable {
        /// From 1.
        let number: Int
        let request: AgentRequest
        private let run: AsyncStream<AgentEvent>.Continuation

        fileprivate init(number: Int, request: AgentRequest, run: AsyncStream<AgentEvent>.Continuation) {
            self.number = number
            self.request = request
            self.run = run
        }

        /// What the person asked.
        var question: String { request.messages.last?.words ?? "" }

        func say(_ delta: String, index: Int = 0, message: String = "m0") {
            run.yield(.text(index: index, message: message, delta: delta))
        }

        func send(_ file: AgentFile) { run.yield(.attachment(file)) }

        func finish(_ ending: AgentOutcome.Ending = .finished) {
            run.yield(.ended(AgentOutcome(ending: ending, messages: [])))
            run.finish()
        }
    }

    typealias Script = @Sendable (Call) throws(AgentError) -> Void

    /// Runs that were accepted, as they come.
    let calls: AsyncStream<Call>
    private let accepted: AsyncStream<Call>.Continuation
    private let script: Script
    private let requests = Mutex<[AgentRequest]>([])

    /// - Parameter script: What becomes of each call at once; by default it says `Yes.` and ends.
    init(
        _ script: @escaping Script = { call throws(AgentError) in
            call.say("Yes.")
            call.finish()
        }
    ) {
        self.script = script
        (calls, accepted) = AsyncStream.makeStream(of: Call.self)
    }

    /// Leaves each call to who reads ``calls``.
    static var held: ScriptedAgent { ScriptedAgent { _ throws(AgentError) in } }

    /// Everything that it was asked.
    var asked: [AgentRequest] { requests.withLock { $0 } }

    func run(
        _ request: AgentRequest,
        willSend: @escaping @Sendable () async throws -> Void
    ) async throws(AgentError) -> AgentRun {
        do { try await willSend() } catch { throw .cancelled }
        let number = requests.withLock { requests in
            requests.append(request)
            return requests.count
        }
        let (events, run) = AsyncStream.makeStream(of: AgentEvent.self)
        let call = Call(number: number, request: request, run: run)
        try script(call)
        accepted.yield(call)
        return AgentRun(events)
    }

    func probe() async throws(AgentError) -> Int { 405 }
}

extension AgentMessage {
    /// Its texts, and the names of its files in angle brackets.
    var words: String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .file(let file): "<\(file.name)>"
            }
        }.joined(separator: " ")
    }
}
