/// Keeps joins from using up the rate limit that they share with messages.
struct JoinPace {
    typealias Instant = ContinuousClock.Instant

    /// Joins that may follow each other at once: half of what a homeserver allows, by default.
    private static let burst = 5
    /// One join in this time afterwards: what a homeserver gives back, by default.
    private static let interval = Duration.seconds(5)

    /// When all tokens will be back.
    private var full: Instant?

    /// Takes a place in the row and says how long to wait for it.
    mutating func reserve(at now: Instant) -> Duration {
        let from = max(full ?? now, now)
        full = from + Self.interval
        return max(.zero, now.duration(to: from) - Self.interval * (Self.burst - 1))
    }
}
