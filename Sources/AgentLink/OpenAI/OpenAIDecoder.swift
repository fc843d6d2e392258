import Basics

/// Reads the chunks of a streamed chat completion, as OpenAI sends them and as gateways for other models do.
///
/// The last `finish_reason` counts: some servers send one with every chunk, others when a tool of their own runs. Without
/// any, `[DONE]` says that the answer is whole: a connection that broke sends none.
struct OpenAIDecoder: AgentDecoder {
    private let runID: String
    private let attachmentLimit: Int
    private var answer = Answer()
    private var reasoning = OpenAIReasoning()
    private var messageID: String?
    private var ending: AgentOutcome.Ending?
    private var failure: AgentOutcome.Ending?
    /// Text came along with the last reason, so that it need not have been the end.
    private var isDoubtful = false
    private var hasStarted = false
    private var isDone = false
    private(set) var tally = AgentTally()

    init(_ request: AgentRequest, limits: AgentLimits = AgentLimits()) {
        runID = request.runID
        attachmentLimit = limits.attachments
    }

    var progress: AgentProgress {
        if isDone { return .closed }
        if failure != nil { return .complete }
        switch ending {
        // The server may run the tool itself, and go on.
        case nil, .waitsForConfirmation?: return .running
        case _?: return isDoubtful ? .doubtful : .complete
        }
    }

    mutating func decode(_ data: [UInt8]) -> [AgentEvent] {
        guard !isDone else { return [] }
        tally.events += 1
        tally.own += 1
        if Self.isSentinel(data) {
            isDone = true
            return []
        }
        guard let chunk = try? JSONValue(parsing: data), chunk.object != nil else {
            tally.unreadable += 1
            return []
        }
        if let error = Self.error(of: chunk) {
            failure = .failed(code: error)
            return []
        }
        let events = start() + read(chunk)
        tally.text = answer.size
        return events
    }

    mutating func finish(_ end: StreamEnd) -> [AgentEvent] {
        let held = answer.append(reasoning.finish(), to: message(nil))
        let rest = [held].compactMap(\.self) + answer.closeAll()
        tally.text = answer.size
        let said = failure ?? ending ?? (isDone ? .finished : nil)
        let ending = AgentOutcome.Ending(said: said, end, hasSpoken: !answer.isEmpty, tally)
        return rest + [.ended(AgentOutcome(ending: ending, messages: answer.messages))]
    }

    private static func isSentinel(_ data: [UInt8]) -> Bool {
        let word = data.drop { $0 == UInt8(ascii: " ") }.prefix { $0 > UInt8(ascii: " ") }
        return word.elementsEqual("[DONE]".utf8)
    }

    private mutating func start() -> [AgentEvent] {
        guard !hasStarted else { return [] }
        hasStarted = true
        return [.started]
    }
}

// MARK: - Chunks

extension OpenAIDecoder {
    /// The short name of the error that `chunk` reports, if it has one; `nil` when it reports none.
    private static func error(of chunk: JSONValue) -> String?? {
        let choice = choice(of: chunk)
        if let error = [chunk["error"], choice?["error"]].compactMap({ $0 }).first(where: { $0 != .null }) {
            return .some(AgentErrorCode.short(error["code"]) ?? AgentErrorCode.short(error["type"]))
        }
        // Older servers put the members of the error into the chunk itself.
        guard chunk["object"]?.string == "error" || chunk["type"]?.string == "error" else { return nil }
        return .some(AgentErrorCode.short(chunk["code"]))
    }

    /// Only one answer was asked for; a chunk without any tells the usage.
    private static func choice(of chunk: JSONValue) -> JSONValue? {
        chunk["choices"]?.array?.first { ($0["index"]?.int64 ?? 0) == 0 }
    }

    private mutating func read(_ chunk: JSONValue) -> [AgentEvent] {
        guard let choice = Self.choice(of: chunk) else { return [] }
        let id = message(chunk["id"]?.string)
        let delta = delta(of: choice)
        let hasTools = Self.holdsAny(delta["tool_calls"]) || delta["function_call"].map { $0 != .null } ?? false
        // After a tool the server’s model is asked again, and may reason again.
        if ending == .waitsForConfirmation, !hasTools, delta["content"].map(Self.holdsAny) ?? false { goOn() }

        var events = say(delta["content"], as: id) + say(delta["refusal"], as: id)
        let hasText = events.contains { if case .text = $0 { true } else { false } }
        events += files(delta["images"]?.array ?? [])
        let isBusy = hasTools || ["reasoning_content", "reasoning", "thinking"].contains { Self.holdsAny(delta[$0]) }
        if isBusy { events.append(.activity) }
        if let reason = choice["finish_reason"]?.string, let next = OpenAIStopReason.ending(reason) {
            ending = next
            isDoubtful = hasText
        } else if hasText {
            isDoubtful = true
        }
        return events
    }

    /// A tool turn is over and the same stream goes on: what follows is a paragraph of its own.
    private mutating func goOn() {
        ending = nil
        reasoning = OpenAIReasoning()
        answer.breakParagraph(in: message(nil))
    }

    /// What is new: some servers send the whole message at once instead.
    private func delta(of choice: JSONValue) -> JSONValue {
        if let delta = choice["delta"], delta != .null { return delta }
        guard answer.isEmpty else { return [:] }
        if let message = choice["message"] { return message }
        return ["content": choice["text"] ?? ""]
    }

    private static func holdsAny(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null?, .string("")?: false
        case let list?: list.array.map { !$0.isEmpty } ?? true
        }
    }

    /// The text of a content: a string, or a list of parts of which some are text, some reasoning and some pictures.
    private mutating func say(_ content: JSONValue?, as id: String) -> [AgentEvent] {
        guard let content, content != .null else { return [] }
        guard content.array != nil || content.object != nil else { return sayText(content, as: id) }
        return (content.array ?? [content]).flatMap { part -> [AgentEvent] in
            if case .string = part { return sayText(part, as: id) }
            switch part["type"]?.string ?? "text" {
            case "text", "output_text": return sayText(part["text"]?["value"] ?? part["text"] ?? "", as: id)
            case "refusal": return sayText(part["refusal"] ?? "", as: id)
            case "image_url", "image", "file", "input_file", "output_image": return files([part])
            default: return [.activity]
            }
        }
    }

    private mutating func sayText(_ text: JSONValue, as id: String) -> [AgentEvent] {
        let said = answer.append(reasoning.take(text), to: id)
        return [said ?? (reasoning.isReasoning ? .activity : nil)].compactMap(\.self)
    }

    private mutating func files(_ parts: [JSONValue]) -> [AgentEvent] {
        parts.map { part in
            guard let file = AgentFile(attachment: part), tally.attachments < attachmentLimit else {
                tally.dropped += 1
                return .attachmentLost
            }
            tally.attachments += 1
            return .attachment(file)
        }
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
