import Basics

/// Reads the chunks of a streamed chat completion.
///
/// `[DONE]` alone is no success: a stream that failed ends with it too. A `finish_reason` is what counts.
struct OpenAIDecoder: AgentDecoder {
    private let runID: String
    private var answer = Answer()
    private var messageID: String?
    private var ending: AgentOutcome.Ending?
    private var hasStarted = false
    private var isDone = false
    private(set) var tally = AgentTally()

    init(_ request: AgentRequest) { runID = request.runID }

    var progress: AgentProgress {
        if isDone { return .closed }
        return ending == nil ? .running : .complete
    }

    mutating func decode(_ data: [UInt8]) -> [AgentEvent] {
        guard !isDone else { return [] }
        tally.events += 1
        if data == Array("[DONE]".utf8) {
            isDone = true
            return []
        }
        guard let chunk = try? JSONValue(parsing: data), chunk.object != nil else {
            tally.unreadable += 1
            return []
        }
        if let error = chunk["error"] {
            ending = .failed(code: AgentErrorCode.short(error["code"]) ?? AgentErrorCode.short(error["type"]))
            return []
        }
        let events = start() + read(chunk)
        tally.text = answer.size
        return events
    }

    mutating func finish(_ end: StreamEnd) -> [AgentEvent] {
        let rest = answer.closeAll()
        let ending = AgentOutcome.Ending(said: ending, end, hasSpoken: !answer.isEmpty, tally)
        return rest + [.ended(AgentOutcome(ending: ending, messages: answer.messages))]
    }

    private mutating func start() -> [AgentEvent] {
        guard !hasStarted else { return [] }
        hasStarted = true
        return [.started]
    }

    private mutating func read(_ chunk: JSONValue) -> [AgentEvent] {
        // Only one answer was asked for; a chunk without any tells the usage.
        guard let choice = chunk["choices"]?.array?.first(where: { ($0["index"]?.int64 ?? 0) == 0 }) else { return [] }
        let delta = choice["delta"]
        let id = message(chunk["id"]?.string)
        var events = [delta?["content"], delta?["refusal"]].compactMap { $0 }.compactMap { answer.append($0, to: id) }
        if delta?["tool_calls"] != nil || delta?["reasoning_content"] != nil || delta?["reasoning"] != nil {
            events.append(.activity)
        }
        if let reason = choice["finish_reason"]?.string { end(reason) }
        return events
    }

    private mutating func end(_ reason: String) {
        if case .failed? = ending { return }
        ending = ["tool_calls", "function_call"].contains(reason) ? .waitsForConfirmation : .finished
    }

    /// One message for the run, whatever the later chunks say.
    ///
    /// Some servers count their identifiers from 1 again after each start, so ours makes it unique.
    private mutating func message(_ completion: String?) -> String {
        let id = messageID ?? completion.map { "\($0).\(runID)" } ?? runID
        messageID = id
        return id
    }
}
