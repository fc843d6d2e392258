import Basics

/// One question to the agent: a run on a thread.
package struct AgentRequest: Sendable {
    /// The context’s number; its decimal form is the AG-UI thread.
    package let platformChatID: Int64
    /// New for each attempt.
    package let runID: String
    /// Everything the agent is shown, oldest first; ends with the question.
    package let messages: [AgentMessage]
    /// The surface’s id and kind, for `forwardedProps`.
    package let surface: String
    package let kind: String

    package init(platformChatID: Int64, runID: String, messages: [AgentMessage], surface: String, kind: String) {
        self.platformChatID = platformChatID
        self.runID = runID
        self.messages = messages
        self.surface = surface
        self.kind = kind
    }
}

/// One message of a thread’s transcript.
package struct AgentMessage: Hashable, Sendable {
    package enum Role: String, Hashable, Sendable, CaseIterable {
        case user, assistant
    }

    /// Never repeated on a thread; for an assistant’s message the identifier that the agent gave it.
    package let id: String
    package let role: Role
    package let parts: [AgentPart]

    package init(id: String, role: Role, parts: [AgentPart]) {
        self.id = id
        self.role = role
        self.parts = parts
    }
}

/// A piece of a message.
package enum AgentPart: Hashable, Sendable {
    case text(String)
    case file(AgentFile)
}

/// A file on its way to or from the agent.
package struct AgentFile: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case image, audio, video, document
    }

    package enum Source: Hashable, Sendable {
        /// A file on this machine’s disk: read, and base64-encoded, while the request is sent.
        case path(String)
        case data([UInt8])
        case url(String)
    }

    package let kind: Kind
    package let source: Source
    package let mimeType: String
    /// Without folders and without what could mislead a person or a file system.
    package let name: String

    package init(kind: Kind, source: Source, mimeType: String, name: String) {
        self.kind = kind
        self.source = source
        self.mimeType = mimeType
        self.name = AgentFileName.clean(name) ?? AgentFileName.standard(kind, mimeType)
    }
}
