/// Waits that a messenger asks for, such as `Retry-After`.
extension Duration {
    /// The longest wait that is kept: what is owed is not kept for longer either.
    private static let longestToldWait: Int64 = 24 * 3600

    /// `seconds` as a wait between none and a day.
    package static func told(seconds: Int64) -> Duration { .seconds(min(max(seconds, 0), longestToldWait)) }

    /// `milliseconds` as a wait between none and a day.
    package static func told(milliseconds: Int64) -> Duration {
        .milliseconds(min(max(milliseconds, 0), longestToldWait * 1000))
    }
}
