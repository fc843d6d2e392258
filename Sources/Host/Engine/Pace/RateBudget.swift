import SurfaceKit
import Synchronization

/// A surface’s share of its messenger’s rate limits.
///
/// Previews wait for it and leave a reserve; what must arrive spends it and obeys only what the messenger says.
final class RateBudget: Sendable {
    private struct Bucket {
        var tokens: Double
        var at: ContinuousClock.Instant
    }

    private struct Key: Hashable {
        let limit: Int
        let chat: ChatID?
    }

    private struct State {
        var buckets: [Key: Bucket] = [:]
        var pausedUntil: ContinuousClock.Instant?
        /// Chats that the messenger objected in, where it counts for each chat.
        var pausedChats: [ChatID: ContinuousClock.Instant] = [:]
        /// The messenger took more than its default limit allows.
        var lifted = false
        /// A faster pace is not tried before.
        var wishBlockedUntil: ContinuousClock.Instant?
        /// Chats whose previews wait for the account.
        var line = WaitingLine()
    }

    /// How much later than told a preview may ask again without losing its place.
    private static let lateness = Duration.seconds(1)
    /// After an objection, how long a faster pace is not tried.
    private static let caution = Duration.seconds(900)
    /// Sends beyond the default limit that prove it lifted.
    private static let proof = -2.0

    /// How long nothing goes out when the messenger objected and named no time.
    static let unnamedPause = Duration.seconds(5)

    private let limits: [RateLimit]
    private let wishes: Bool
    private let state = Mutex(State())

    /// - Parameter wishes: Whether the operator asked for a pace of their own.
    init(limits: [RateLimit], wishes: Bool) {
        self.limits = limits
        self.wishes = wishes
    }

    /// How long a preview has to wait now; zero to go.
    ///
    /// Where the account as a whole is short, chats are served in the order in which they began to wait, so that none
    /// stands still while others grow.
    func previewDelay(in chat: ChatID, kind: ChatKind, now: ContinuousClock.Instant) -> Duration {
        state.withLock { state in
            let lifted = state.lifted || (wishes && (state.wishBlockedUntil.map { $0 <= now } ?? true))
            var delay = Self.pause(in: chat, state, now)
            func wait(_ scopes: (RateLimit.Scope) -> Bool, behind others: Int) {
                for (index, limit) in limits.enumerated()
                where scopes(limit.scope) && applies(limit, to: kind) && !(limit.mayBeLifted && lifted) {
                    let missing = Double(limit.reserve + 1 + others) - refilled(index, chat, &state, now)
                    if missing > 0 { delay = max(delay, .seconds(missing / limit.perSecond)) }
                }
            }
            wait({ $0 != .account }, behind: 0)
            guard delay <= .zero else {
                state.line.leave(chat)
                return delay
            }
            wait({ $0 == .account }, behind: state.line.ahead(of: chat, now))
            if delay > .zero {
                state.line.join(chat, until: now + delay + Self.lateness)
            } else {
                state.line.leave(chat)
            }
            return delay
        }
    }

    /// How long what must arrive has to wait: because the messenger said so, or because it surely would.
    ///
    /// A limit that an operator may have lifted is left for the messenger to name.
    func pause(in chat: ChatID, kind: ChatKind, now: ContinuousClock.Instant) -> Duration {
        state.withLock { state in
            var delay = Self.pause(in: chat, state, now)
            for (index, limit) in limits.enumerated() where applies(limit, to: kind) && !limit.mayBeLifted {
                let missing = 1 - refilled(index, chat, &state, now)
                if missing > 0 { delay = max(delay, .seconds(missing / limit.perSecond)) }
            }
            return delay
        }
    }

    private static func pause(in chat: ChatID, _ state: State, _ now: ContinuousClock.Instant) -> Duration {
        [state.pausedUntil, state.pausedChats[chat]].compactMap { $0 }.map { now.duration(to: $0) }
            .reduce(.zero) { max($0, $1) }
    }

    /// Notes a send or edit that is about to be made.
    func spend(in chat: ChatID, kind: ChatKind, now: ContinuousClock.Instant) {
        state.withLock { state in
            for (index, limit) in limits.enumerated() where applies(limit, to: kind) {
                let tokens = refilled(index, chat, &state, now)
                state.buckets[key(index, chat)] = Bucket(tokens: max(tokens - 1, Double(-limit.burst)), at: now)
            }
            forgetFullBuckets(&state, now)
        }
    }

    /// The messenger accepted what was spent last.
    func accepted(in chat: ChatID) {
        state.withLock { state in
            for (index, limit) in limits.enumerated() where limit.mayBeLifted {
                if let bucket = state.buckets[key(index, chat)], bucket.tokens <= Self.proof { state.lifted = true }
            }
        }
    }

    /// The messenger objected: nothing goes out before `delay` has passed; where it counts for each chat, in `chat`.
    ///
    /// - Parameter delay: `nil` when it did not say how long.
    func limited(for delay: Duration?, in chat: ChatID, now: ContinuousClock.Instant) {
        let delay = delay ?? Self.unnamedPause
        state.withLock { state in
            if limits.contains(where: { $0.scope != .account }) {
                state.pausedChats = state.pausedChats.filter { $0.value > now }
                state.pausedChats[chat] = max(state.pausedChats[chat] ?? now, now + delay)
            } else {
                state.pausedUntil = max(state.pausedUntil ?? now, now + delay)
            }
            state.lifted = false
            state.wishBlockedUntil = now + Self.caution
            for key in state.buckets.keys where key.chat == chat || state.pausedUntil != nil {
                state.buckets[key] = Bucket(tokens: 0, at: now)
            }
        }
    }

    private func applies(_ limit: RateLimit, to kind: ChatKind) -> Bool { limit.scope != .group || kind == .group }

    private func key(_ index: Int, _ chat: ChatID) -> Key {
        Key(limit: index, chat: limits[index].scope == .account ? nil : chat)
    }

    private func refilled(
        _ index: Int,
        _ chat: ChatID,
        _ state: inout State,
        _ now: ContinuousClock.Instant
    ) -> Double {
        let limit = limits[index]
        guard let bucket = state.buckets[key(index, chat)] else { return Double(limit.burst) }
        let elapsed = bucket.at.duration(to: now) / .seconds(1)
        return min(Double(limit.burst), bucket.tokens + elapsed * limit.perSecond)
    }

    /// A full bucket is the same as none: memory follows the chats that are busy.
    private func forgetFullBuckets(_ state: inout State, _ now: ContinuousClock.Instant) {
        guard state.buckets.count > 1000 else { return }
        state.buckets = state.buckets.filter { key, bucket in
            let limit = limits[key.limit]
            return bucket.tokens + bucket.at.duration(to: now) / .seconds(1) * limit.perSecond < Double(limit.burst)
        }
    }
}
