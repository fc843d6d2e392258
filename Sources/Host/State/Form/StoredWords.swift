import AgentLink
import SurfaceKit

// Every word that is stored. A word that was released keeps its meaning for ever; statements name some of them, too.

extension TurnRecord.State: StoredWord {
    package static let formName = "state of a turn"

    package var word: String {
        switch self {
        case .waiting: "waiting"
        case .sent: "sent"
        case .ended: "ended"
        }
    }
}

extension TurnRecord.Ending: StoredWord {
    package static let formName = "ending of a turn"

    package var word: String {
        switch self {
        case .answered: "answered"
        case .empty: "empty"
        case .waitsForConfirmation: "waitsForConfirmation"
        case .agentCancelled: "agentCancelled"
        case .failed: "failed"
        case .truncated: "truncated"
        case .timedOut: "timedOut"
        case .tooLarge: "tooLarge"
        case .unreachable: "unreachable"
        case .refused: "refused"
        case .filesUnavailable: "filesUnavailable"
        case .stopped: "stopped"
        case .withdrawn: "withdrawn"
        case .cut: "cut"
        case .gone: "gone"
        }
    }
}

extension PostRecord.State: StoredWord {
    package static let formName = "state of a message"

    package var word: String {
        switch self {
        case .preview: "preview"
        case .draft: "draft"
        case .due: "due"
        case .delivered: "delivered"
        case .failed: "failed"
        case .dropped: "dropped"
        }
    }
}

extension ChatKind: StoredWord {
    package static let formName = "kind of a chat"

    package var word: String {
        switch self {
        case .direct: "direct"
        case .group: "group"
        }
    }
}

extension FileKind: StoredWord {
    package static let formName = "kind of a file"

    package var word: String {
        switch self {
        case .image: "image"
        case .audio: "audio"
        case .video: "video"
        case .document: "document"
        }
    }
}

extension MessageText.Format: StoredWord {
    package static let formName = "format of a text"

    package var word: String {
        switch self {
        case .markdown: "markdown"
        case .plain: "plain"
        }
    }
}

extension UnreadableReason: StoredWord {
    package static let formName = "reason why a message cannot be read"

    package var word: String {
        switch self {
        case .encrypted: "encrypted"
        }
    }
}

extension AgentMessage.Role: StoredWord {
    package static let formName = "role of a message"

    package var word: String {
        switch self {
        case .user: "user"
        case .assistant: "assistant"
        }
    }
}

extension AgentFile.Kind: StoredWord {
    package static let formName = "kind of an agent’s file"

    package var word: String {
        switch self {
        case .image: "image"
        case .audio: "audio"
        case .video: "video"
        case .document: "document"
        }
    }
}
