/// How long the state remembers what is over.
package struct Retention: Hashable, Sendable {
    /// Ended turns and delivered messages.
    package let ended: Duration
    /// Files that wait for a text.
    package let staged: Duration
    /// Messengers deliver an event again for at most a day; twice that is kept.
    package static let leastForEvents = Duration.seconds(2 * 24 * 3600)

    package init(ended: Duration, staged: Duration) {
        self.ended = ended
        self.staged = staged
    }
}
