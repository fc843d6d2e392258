/// Waits between attempts at something that fails for a while.
enum Backoff {
    /// 1, 2, 4 … 60 s.
    ///
    /// - Parameter attempt: Attempts that have failed, from 1.
    static func delay(attempt: Int) -> Duration { .seconds(min(60, 1 << min(max(attempt - 1, 0), 6))) }
}
