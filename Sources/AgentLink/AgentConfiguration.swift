import Basics

/// Where the agent is and how to talk to it.
package struct AgentConfiguration: Hashable, Sendable {
    package enum Codec: Hashable, Sendable {
        case agUI
        case openAI(model: String)
    }

    /// The URL that is posted to (AG-UI), or the base of `/chat/completions` (OpenAI).
    package var url: String
    package var codec: Codec
    package var apiKey: Secret?
    /// Longest silence of the stream.
    package var idleTimeout: Duration
    /// Longest run.
    package var deadline: Duration
    package var proxy: Secret?
    /// The address was derived from `AGENT_WS_URL`.
    package var derivedFromWebSocket: Bool
    package var limits: AgentLimits

    package init(
        url: String,
        codec: Codec = .agUI,
        apiKey: Secret? = nil,
        idleTimeout: Duration = .seconds(600),
        deadline: Duration = .seconds(1800),
        proxy: Secret? = nil,
        derivedFromWebSocket: Bool = false,
        limits: AgentLimits = AgentLimits()
    ) {
        self.url = url
        self.codec = codec
        self.apiKey = apiKey
        self.idleTimeout = idleTimeout
        self.deadline = deadline
        self.proxy = proxy
        self.derivedFromWebSocket = derivedFromWebSocket
        self.limits = limits
    }
}

/// How much one answer may cost this process, whatever the agent sends.
package struct AgentLimits: Hashable, Sendable {
    /// Bytes of one event; an attachment is one event, a third larger than its file.
    package var frame: Int
    /// Bytes of the whole stream.
    package var stream: Int
    /// Bytes of text, in UTF-8, of all messages together.
    package var text: Int
    /// Events of the whole stream.
    package var events: Int
    /// Files of one answer; further ones are dropped.
    package var attachments: Int
    /// How long a run that has finished may still be taken back by an error, when the agent leaves the stream open.
    package var grace: Duration
    /// The same, when it said so along with text: some servers do with every piece.
    package var pause: Duration

    package init(
        frame: Int = 32 << 20,
        stream: Int = 512 << 20,
        text: Int = 4 << 20,
        events: Int = 500_000,
        attachments: Int = 20,
        grace: Duration = .seconds(5),
        pause: Duration = .seconds(60)
    ) {
        self.frame = frame
        self.stream = stream
        self.text = text
        self.events = events
        self.attachments = attachments
        self.grace = grace
        self.pause = pause
    }
}
