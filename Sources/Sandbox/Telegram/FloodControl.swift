/// The server’s limits on sends and edits, which share one budget.
struct FloodControl: Sendable {
    typealias Instant = ContinuousClock.Instant

    private var buckets = TokenBuckets()
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
            guard let budget, !buckets.take(key, budget, at: now) else { continue }
            closed[chat.id] = now + .seconds(settings.retryAfter)
            throw .tooMany(settings.retryAfter)
        }
    }

    /// Refuses `chat` for a while, as after a fault.
    mutating func close(_ chat: Int64, for seconds: Int64, at now: Instant) {
        closed[chat] = now + .seconds(seconds)
    }

    private static func seconds(from now: Instant, to end: Instant) -> Int64 {
        Int64((now.duration(to: end) / .seconds(1)).rounded(.up))
    }
}
