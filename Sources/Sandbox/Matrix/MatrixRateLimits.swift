/// Synapse’s limits: a bucket for each kind of deed and who does it, which leaks.
struct MatrixRateLimits: Sendable {
    typealias Instant = ContinuousClock.Instant

    private struct Bucket {
        var level: Double
        var at: Instant
    }

    private var buckets: [String: Bucket] = [:]

    /// Takes one from the allowance of `key`, or only looks.
    ///
    /// - Throws: 429 with the time until it may be tried again; trying too early does not prolong it.
    mutating func spend(
        _ key: String,
        _ limit: MatrixSimulatorSettings.Limit?,
        at now: Instant = .now,
        justLooking: Bool = false
    ) throws(MatrixAPIError) {
        guard let limit, limit.perSecond > 0 else { return }
        var bucket = buckets[key] ?? Bucket(level: 0, at: now)
        let leaked = (bucket.at.duration(to: now) / .seconds(1)) * limit.perSecond
        bucket = Bucket(level: max(0, bucket.level - leaked), at: now)
        guard bucket.level <= Double(limit.burst) - 1 else {
            let excess = bucket.level - Double(limit.burst) + 1
            throw .limited(for: .seconds(excess / limit.perSecond))
        }
        if justLooking { return }
        bucket.level += 1
        buckets[key] = bucket
    }
}
