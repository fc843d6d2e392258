/// What a surface can do and how fast, as data that the host plans with.
package struct Capabilities: Sendable {
    /// What a second attempt at the same send does.
    package enum Repetition: Hashable, Sendable {
        /// Nothing: the messenger recognises the operation’s identifier.
        case harmless
        /// Possibly the same message twice.
        case duplicates
    }

    /// How long one message may be.
    package struct TextLimit: Sendable {
        package let maximum: Int
        /// The size of a text in the unit of `maximum`: grows with the text, needs no network.
        package let measure: @Sendable (MessageText) -> Int

        package init(maximum: Int, measure: @escaping @Sendable (MessageText) -> Int) {
            self.maximum = maximum
            self.measure = measure
        }
    }

    /// How the messenger shows an answer that is not a message yet.
    package struct Drafts: Hashable, Sendable {
        /// Least time between two versions.
        package let interval: Duration
        /// How long one stays when no other follows.
        package let lasts: Duration

        package init(interval: Duration, lasts: Duration) {
            self.interval = interval
            self.lasts = lasts
        }
    }

    package var text: TextLimit
    /// Largest file that can be sent, in bytes.
    package var fileBytes: Int
    package var repetition: Repetition
    /// The messenger’s own limits on sends and edits.
    package var rateLimits: [RateLimit]
    /// Drafts in direct chats; `nil` when the messenger has none.
    package var drafts: Drafts?
    /// Least time between two edits of a growing reply when the manifest says nothing.
    package var editInterval: Duration
    /// Most edits of one message.
    package var editsPerMessage: Int
    /// How long a shown “typing” stays by itself.
    package var typingLasts: Duration
    /// What commands begin with in the texts that people read: `!` or `/`.
    package var commandPrefix: Character

    package init(
        text: TextLimit,
        fileBytes: Int,
        repetition: Repetition,
        rateLimits: [RateLimit],
        editInterval: Duration,
        editsPerMessage: Int,
        typingLasts: Duration,
        commandPrefix: Character,
        drafts: Drafts? = nil
    ) {
        self.text = text
        self.fileBytes = fileBytes
        self.repetition = repetition
        self.rateLimits = rateLimits
        self.editInterval = editInterval
        self.editsPerMessage = editsPerMessage
        self.typingLasts = typingLasts
        self.commandPrefix = commandPrefix
        self.drafts = drafts
    }
}

/// A token bucket that a messenger keeps over sends and edits.
package struct RateLimit: Hashable, Sendable {
    /// Whose bucket it is.
    package enum Scope: Hashable, Sendable {
        case account
        case chat
        /// Chats that are not direct.
        case group
    }

    package let scope: Scope
    /// Tokens when full.
    package let burst: Int
    /// Tokens that come back each second.
    package let perSecond: Double
    /// Tokens that previews leave for what must arrive.
    package let reserve: Int
    /// Whether an operator may have lifted it: then a wish for a faster pace is tried until the messenger objects.
    package let mayBeLifted: Bool

    package init(scope: Scope, burst: Int, perSecond: Double, reserve: Int, mayBeLifted: Bool = false) {
        self.scope = scope
        self.burst = burst
        self.perSecond = perSecond
        self.reserve = reserve
        self.mayBeLifted = mayBeLifted
    }
}
