import Basics

/// The host that the playground’s messengers talk to.
package protocol PlaygroundHost: Sendable {
    /// Runs until it is cancelled, and then ends without a drain, like a process that is killed.
    func run() async throws
    /// What its `/status` says; `nil` while it does not answer.
    func status() async -> JSONValue?
    /// Its contexts: objects with `number`, `name`, `owner`, `surface`, `messages` and `chats`.
    func contexts() async -> [JSONValue]
}
