/// When an agent that cannot be reached is tried again.
enum ReachSchedule {
    /// How long it is tried.
    static let patience = Duration.seconds(60)

    /// The wait before the next attempt; `nil` when it is over.
    ///
    /// - Parameters:
    ///   - attempt: Attempts that have failed, from 1.
    ///   - retryAfter: What the agent asked for.
    ///   - elapsed: Since the first attempt.
    static func delay(attempt: Int, retryAfter: Duration?, elapsed: Duration) -> Duration? {
        let scheduled = attempt <= 4 ? Duration.seconds(1 << (max(attempt, 1) - 1)) : .seconds(15)
        // "At once", again and again, would be a request every few milliseconds.
        let delay = retryAfter.flatMap { $0 > .zero ? $0 : nil } ?? scheduled
        return elapsed + delay <= patience ? delay : nil
    }
}
