import Basics

/// Reads the events of AG-UI 1.0, leniently back to 0.1.10.
///
/// A response may carry several runs: earlier ones replayed, then ours. What another run says is held back until our run
/// begins, then dropped. When the response ends and ours never came, the last one counts as ours: some servers name runs
/// as they like. But what holds a message of the conversation so far is a replay, and no answer.
struct AGUIDecoder: AgentDecoder {
    private enum Scope {
        /// No run has been announced: what comes is ours.
        case unannounced
        case ours
        /// A run that is not ours, before ours.
        case other
        /// A run that is not ours, during or after ours.
        case ignored
    }

    private let runID: String
    private let asked: [AgentMessage]
    private let attachmentLimit: Int
    private var scope = Scope.unannounced
    private var run: AGUIRun
    /// What a run that is not ours has said.
    private var held: [AgentEvent] = []
    private var hasStarted = false
    private(set) var tally = AgentTally()

    init(_ request: AgentRequest, limits: AgentLimits = AgentLimits()) {
        runID = request.runID
        asked = request.messages
        attachmentLimit = limits.attachments
        run = AGUIRun(id: request.runID)
    }

    var progress: AgentProgress { run.ending == nil || scope == .other ? .running : .complete }

    mutating func decode(_ data: [UInt8]) -> [AgentEvent] {
        tally.events += 1
        guard let event = try? JSONValue(parsing: data) else {
            // Some servers end with the other protocol’s sentinel.
            if data != Array("[DONE]".utf8) { tally.unreadable += 1 }
            return []
        }
        guard let type = event["type"]?.string.flatMap(AGUIEventType.init) else {
            tally.unknown += 1
            return []
        }
        let events = start(type) + decode(event, type)
        if scope != .ignored { tally.own += 1 }
        tally.text = run.textSize
        return events
    }

    mutating func finish(_ end: StreamEnd) -> [AgentEvent] {
        if scope == .other, isReplay {
            run = AGUIRun(id: runID)
            held = []
        }
        let rest = held + run.close()
        tally.text = run.textSize
        let ending = AgentOutcome.Ending(said: run.ending, end, hasSpoken: run.hasSpoken, tally)
        return rest + [.ended(AgentOutcome(ending: ending, messages: run.messages, question: run.question))]
    }

    private mutating func start(_ type: AGUIEventType) -> [AgentEvent] {
        guard !hasStarted, type != .runError else { return [] }
        hasStarted = true
        return [.started]
    }

    private mutating func decode(_ event: JSONValue, _ type: AGUIEventType) -> [AgentEvent] {
        switch type {
        case .runStarted: begin(event["runId"]?.string)
        case .runFinished: finish(event)
        case .runError: fail(event)
        case _ where scope == .ignored: []
        default: inScope(say(event, type))
        }
    }

    /// Without what an earlier run says.
    private mutating func inScope(_ events: [AgentEvent]) -> [AgentEvent] {
        guard scope == .other else { return events }
        held += events.filter { $0 != .activity }
        return events.filter { $0 == .activity }
    }

    /// Whether the run says again what the agent was shown as said before.
    private var isReplay: Bool {
        let known = Set(asked.map(\.id))
        return run.messages.contains { known.contains($0.id) }
    }
}

// MARK: - Runs

extension AGUIDecoder {
    private mutating func begin(_ id: String?) -> [AgentEvent] {
        let isOurs = id == nil || id == runID
        switch scope {
        case .unannounced where isOurs || run.hasSpoken:
            scope = .ours
        case .unannounced, .other:
            run = AGUIRun(id: runID)
            held = []
            tally.attachments = 0
            scope = isOurs ? .ours : .other
        case .ours where isOurs, .ignored where isOurs:
            scope = .ours
            run.resume()
        case .ours, .ignored:
            scope = .ignored
        }
        return []
    }

    private mutating func finish(_ event: JSONValue) -> [AgentEvent] {
        guard scope == .ignored, event["runId"]?.string != runID else {
            let closing = inScope(run.closeTextChunk())
            run.finish(event)
            return closing
        }
        // A run inside ours has ended; ours goes on.
        if run.ending == nil { scope = .ours }
        return []
    }

    private mutating func fail(_ event: JSONValue) -> [AgentEvent] {
        // An error names no run. After the end of ours it belongs to the one that followed.
        if scope != .ignored || run.ending == nil { run.fail(code: AgentErrorCode.short(event["code"])) }
        return []
    }
}

// MARK: - What a run says

extension AGUIDecoder {
    private mutating func say(_ event: JSONValue, _ type: AGUIEventType) -> [AgentEvent] {
        // A subagent’s events stand in a lane of their own; a snapshot closes all lanes.
        let isMain = event["subagentRunId"] == nil || type == .messagesSnapshot
        let closing = type.closesTextChunk && isMain ? run.closeTextChunk() : []
        return closing + sayNext(event, type)
    }

    private mutating func sayNext(_ event: JSONValue, _ type: AGUIEventType) -> [AgentEvent] {
        switch type {
        case .textStart: run.startText(event)
        case .textContent: return run.addText(event)
        case .textEnd: return run.endText(event)
        case .textChunk: return run.addTextChunk(event)
        case .toolStart, .toolChunk: run.startCall(event)
        case .toolEnd: run.endCall(event)
        case .toolResult: run.answerCall(event)
        case .messagesSnapshot: run.take(AGUISnapshot(event["messages"]?.array ?? [], asked: asked))
        case .custom: return takeCustom(event)
        default: break
        }
        return type.isActivity ? [.activity] : []
    }

    private mutating func takeCustom(_ event: JSONValue) -> [AgentEvent] {
        switch event["name"]?.string {
        case "attachment":
            guard let file = AgentFile(attachment: event["value"]), tally.attachments < attachmentLimit else {
                tally.dropped += 1
                return [.attachmentLost]
            }
            tally.attachments += 1
            return [.attachment(file)]
        case "on_interrupt", "function_approval_request":
            run.interrupt(asking: AGUIOpenQuestion.text(of: event["value"]))
        default: break
        }
        return []
    }
}
