import Basics

/// One run of a response: what it says, and how it ends.
struct AGUIRun: Sendable {
    private var answer = Answer()
    private var calls = AGUIToolCalls()
    private var snapshot: AGUISnapshot?
    /// Messages that are not the assistant’s, or a subagent’s.
    private var muted: Set<String> = []
    /// The message that content without an identifier goes on with.
    private var current: String?
    /// The message that a chunk without an identifier goes on with.
    private var chunk: String?
    private var invented = 0
    /// A call was made since something was said.
    private var hasCalled = false
    private var questions: [String] = []

    private var finished = false
    private var cancelled = false
    private var interrupted = false
    private var failure: AgentOutcome.Ending?

    private let id: String

    /// - Parameter id: The run’s identifier, to make up those that the agent forgot.
    init(id: String) { self.id = id }

    /// How the run ended, once it has said so.
    var ending: AgentOutcome.Ending? {
        if let failure { return failure }
        guard finished else { return nil }
        if cancelled { return .cancelled }
        return interrupted || calls.isWaiting ? .waitsForConfirmation : .finished
    }

    var hasSpoken: Bool { !answer.isEmpty }
    var textSize: Int { answer.size }
    var messages: [AgentMessage] { answer.messages }

    // MARK: - Text

    mutating func startText(_ event: JSONValue) {
        let message = event["messageId"]?.string ?? invent()
        current = message
        if !Self.isAssistant(event), !answer.contains(message) { muted.insert(message) }
    }

    mutating func addText(_ event: JSONValue) -> [AgentEvent] {
        let message = event["messageId"]?.string ?? current ?? invent()
        guard event["subagentRunId"] == nil, !muted.contains(message), let delta = event["delta"] else { return [] }
        return say(delta, as: message)
    }

    mutating func endText(_ event: JSONValue) -> [AgentEvent] {
        guard let message = event["messageId"]?.string ?? current else { return [] }
        return [answer.close(message)].compactMap(\.self)
    }

    /// A chunk is start, content and, implicitly, end.
    mutating func addTextChunk(_ event: JSONValue) -> [AgentEvent] {
        guard event["subagentRunId"] == nil else { return [] }
        let message = event["messageId"]?.string ?? chunk ?? invent()
        let closing = message == chunk ? [] : closeTextChunk()
        chunk = message
        if !Self.isAssistant(event), !answer.contains(message) { muted.insert(message) }
        return closing + addText(["messageId": .string(message), "delta": event["delta"] ?? ""])
    }

    mutating func closeTextChunk() -> [AgentEvent] {
        guard let message = chunk else { return [] }
        chunk = nil
        return [answer.close(message)].compactMap(\.self)
    }

    private mutating func say(_ delta: JSONValue, as message: String) -> [AgentEvent] {
        let goesOn = !answer.contains(message) || hasCalled
        guard let event = answer.append(delta, to: message) else { return [] }
        if goesOn { calls.answerAll() }
        hasCalled = false
        return [event]
    }

    private mutating func invent() -> String {
        invented += 1
        return "\(id).\(invented)"
    }

    private static func isAssistant(_ event: JSONValue) -> Bool {
        event["subagentRunId"] == nil && (event["role"]?.string ?? "assistant") == "assistant"
    }

    // MARK: - Tools and snapshots

    mutating func startCall(_ event: JSONValue) {
        guard event["subagentRunId"] == nil, let call = event["toolCallId"]?.string else { return }
        calls.start(call)
        // A chunk has no end of its own.
        if event["type"]?.string == AGUIEventType.toolChunk.rawValue { noteCall() }
    }

    mutating func endCall(_ event: JSONValue) {
        if event["subagentRunId"] == nil { noteCall() }
    }

    private mutating func noteCall() {
        hasCalled = true
        answer.breakParagraphs()
    }

    mutating func answerCall(_ event: JSONValue) {
        if event["subagentRunId"] == nil { noteCall() }
        if let call = event["toolCallId"]?.string { calls.answer(call) }
    }

    mutating func take(_ snapshot: AGUISnapshot) {
        for call in snapshot.answeredCalls { calls.answer(call) }
        self.snapshot = snapshot
    }

    // MARK: - End

    /// The agent waits for an answer to `question`, if it says which.
    mutating func interrupt(asking question: String?) {
        interrupted = true
        if let question, !questions.contains(question) { questions.append(question) }
    }

    /// What the agent waits to be told.
    var question: String? { questions.isEmpty ? nil : questions.joined(separator: "\n") }

    /// The run was announced again: how it ended before no longer counts.
    mutating func resume() {
        finished = false
        cancelled = false
        interrupted = false
        failure = nil
    }

    mutating func finish(_ event: JSONValue) {
        finished = true
        let outcome = event["outcome"]
        switch outcome?["type"]?.string ?? outcome?.string {
        case "cancelled": cancelled = true
        case "interrupt": interrupted = true
        default: break
        }
        let pending = (outcome?["pendingToolCallIds"]?.array ?? []) + (outcome?["interrupts"]?.array ?? [])
        if !pending.isEmpty { interrupted = true }
        for one in outcome?["interrupts"]?.array ?? [] { interrupt(asking: AGUIOpenQuestion.text(of: one)) }
    }

    mutating func fail(code: String?) {
        failure = AgentErrorCode.isQuestionOpen(code) ? .waitsForConfirmation : .failed(code: code)
    }

    /// The last events of the run but the very last: the rest of the text.
    mutating func close() -> [AgentEvent] {
        answer.closeAll() + saySnapshot()
    }

    /// What is only in the snapshot: servers that do not stream say all of it there, others a part.
    private mutating func saySnapshot() -> [AgentEvent] {
        guard let snapshot, snapshot.holdsQuestion || answer.isEmpty && ending == .finished else { return [] }
        return snapshot.unsaid(beside: answer.parts).compactMap { answer.append($0.text, to: $0.id) }
            + answer.closeAll()
    }
}
