import Basics

/// A token bucket over requests.
package struct TokenBudget: Hashable, Sendable {
    package let burst: Int
    package let perSecond: Double

    package init(burst: Int, perSecond: Double) {
        self.burst = burst
        self.perSecond = perSecond
    }

    init?(_ json: JSONValue?) {
        guard let burst = json?["burst"]?.int64, let perSecond = json?["per_second"]?.double else { return nil }
        self.init(burst: Int(burst), perSecond: perSecond)
    }
}

/// How full the buckets are, each under a name.
struct TokenBuckets: Sendable {
    typealias Instant = ContinuousClock.Instant

    private struct Bucket {
        var tokens: Double
        var at: Instant
    }

    private var buckets: [String: Bucket] = [:]

    /// Takes one token; false when there is none.
    mutating func take(_ key: String, _ budget: TokenBudget, at now: Instant) -> Bool {
        var bucket = buckets[key] ?? Bucket(tokens: Double(budget.burst), at: now)
        let elapsed = bucket.at.duration(to: now) / .seconds(1)
        bucket = Bucket(tokens: min(Double(budget.burst), bucket.tokens + elapsed * budget.perSecond), at: now)
        let has = bucket.tokens >= 1
        if has { bucket.tokens -= 1 }
        buckets[key] = bucket
        return has
    }
}
