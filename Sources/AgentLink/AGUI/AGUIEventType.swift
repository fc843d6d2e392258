/// The event types of AG-UI 1.0 (spec, “Events”) and those of 0.1 that it removed.
enum AGUIEventType: String {
    case runStarted = "RUN_STARTED"
    case runFinished = "RUN_FINISHED"
    case runError = "RUN_ERROR"
    case stepStarted = "STEP_STARTED"
    case stepFinished = "STEP_FINISHED"

    case textStart = "TEXT_MESSAGE_START"
    case textContent = "TEXT_MESSAGE_CONTENT"
    case textEnd = "TEXT_MESSAGE_END"
    case textChunk = "TEXT_MESSAGE_CHUNK"

    case toolStart = "TOOL_CALL_START"
    case toolArguments = "TOOL_CALL_ARGS"
    case toolEnd = "TOOL_CALL_END"
    case toolChunk = "TOOL_CALL_CHUNK"
    case toolResult = "TOOL_CALL_RESULT"

    case stateSnapshot = "STATE_SNAPSHOT"
    case stateDelta = "STATE_DELTA"
    case messagesSnapshot = "MESSAGES_SNAPSHOT"
    case activitySnapshot = "ACTIVITY_SNAPSHOT"
    case activityDelta = "ACTIVITY_DELTA"
    case raw = "RAW"
    case custom = "CUSTOM"

    case reasoningStart = "REASONING_START"
    case reasoningEnd = "REASONING_END"
    case reasoningTextStart = "REASONING_MESSAGE_START"
    case reasoningTextContent = "REASONING_MESSAGE_CONTENT"
    case reasoningTextEnd = "REASONING_MESSAGE_END"
    case reasoningTextChunk = "REASONING_MESSAGE_CHUNK"
    case reasoningEncrypted = "REASONING_ENCRYPTED_VALUE"

    case subagentStarted = "SUBAGENT_STARTED"
    case subagentFinished = "SUBAGENT_FINISHED"
    case subagentError = "SUBAGENT_ERROR"

    // Removed in 1.0, where they are the REASONING events.
    case thinkingStart = "THINKING_START"
    case thinkingEnd = "THINKING_END"
    case thinkingTextStart = "THINKING_TEXT_MESSAGE_START"
    case thinkingTextContent = "THINKING_TEXT_MESSAGE_CONTENT"
    case thinkingTextEnd = "THINKING_TEXT_MESSAGE_END"

    /// Shows life and says nothing.
    var isActivity: Bool {
        switch self {
        case .runStarted, .runFinished, .runError, .textStart, .textContent, .textEnd, .textChunk: false
        case .stateSnapshot, .stateDelta, .messagesSnapshot, .raw, .custom, .reasoningEncrypted: false
        default: true
        }
    }

    /// Ends the message that text chunks without an identifier go on with (spec, “Streaming”).
    var closesTextChunk: Bool {
        switch self {
        case .textChunk, .raw, .activitySnapshot, .activityDelta, .reasoningEncrypted, .subagentStarted: false
        default: true
        }
    }
}
