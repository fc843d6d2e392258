import Basics

/// How the simulated server behaves; each can be changed while it runs.
package struct SimulatorSettings: Sendable {
    package typealias Budget = TokenBudget

    package var perChat: Budget?
    package var perGroup: Budget?
    package var overall: Budget?
    /// Seconds told when a budget is used up.
    package var retryAfter: Int64 = 3
    /// Methods that this server is too old for.
    package var unknownMethods: Set<String> = []
    /// How long a draft stays.
    package var draftLasts = Duration.seconds(30)
    /// Whether private chats have topics.
    package var hasTopics = false
    /// Whether privacy mode is off.
    package var readsAllGroupMessages = false
    /// Largest download, in bytes.
    package var downloadLimit = 20 << 20
    /// Whether `/file` is served.
    package var servesFiles = true
    /// Folder for files whose absolute paths `getFile` tells, as a server with `--local` does.
    package var localFiles: String?
    /// Whether a poll that repeats its offset is slowed down.
    package var slowsRepeatedPolls = true
    /// Whether webhooks are held to what the cloud accepts: https and its four ports.
    package var isCloud = false
    /// Whether the token is good.
    package var knowsToken = true

    package init() {}
}
