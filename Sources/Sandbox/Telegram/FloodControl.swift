/// The server’s limits on sends and edits, which share one budget.
struct FloodControl: Sendable {
    typealias Instant = ContinuousClock.Instant

    private struct Bucket {
        var tokens: Double
        var at: Instant
    }

    private var buckets: [String: Bucket] = [:]
    /// Windows in which a chat is refused; each request within extends it.
    private var closed: [Int64: Instant] = [:]

    /// - Throws: The error when the budget is used up.
    mutating func spend(
        in chat: SimulatedChat,
        _ settings: SimulatorSettings,
        at now: Instant
    ) throws(BotAPIFault) {
        if let end = closed[chat.id], end > now {
            closed[chat.id] = end + .seconds(1)
            throw .tooMany(Self.seconds(from: now, to: end) + 1)
        }
        let budgets = [
            ("all", settings.overall), ("chat\(chat.id)", settings.perChat),
            ("group\(chat.id)", chat.kind == .direct ? nil : settings.perGroup),
        ]
        for (key, budget) in budgets {
            guard let budget, !take(key, budget, now) else { continue }
            closed[chat.id] = now + .seconds(settings.retryAfter)
            throw .tooMany(settings.retryAfter)
        }
    }

    /// Refuses `chat` for a while, as after a fault.
    mutating func close(_ chat: Int64, for seconds: Int64, at now: Instant) {
        closed[chat] = now + .seconds(seconds)
    }

    private mutating func take(_ key: String, _ budget: SimulatorSettings.Budget, _ now: Instant) -> Bool {
        var bucket = buckets[key] ?? Bucket(tokens: Double(budget.burst), at: now)
        let elapsed = bucket.at.duration(to: now) / .seconds(1)
        bucket = Bucket(tokens: min(Double(budget.burst), bucket.tokens + elapsed * budget.perSecond), at: now)
        let has = bucket.tokens >= 1
        if has { bucket.tokens -= 1 }
        buckets[key] = bucket
        return has
    }

    private static func seconds(from now: Instant, to end: Instant) -> Int64 {
        Int64((now.duration(to: end) / .seconds(1)).rounded(.up))
    }
}
