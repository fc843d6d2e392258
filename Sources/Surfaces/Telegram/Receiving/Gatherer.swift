import SurfaceKit

/// Joins what a person sent as one thing and Telegram delivers as several messages: albums and long texts.
///
/// Pure: told the time, it never waits itself.
struct Gatherer {
    typealias Instant = ContinuousClock.Instant

    /// An event that is complete, and the updates that it was made of.
    struct Ready: Hashable, Sendable {
        let event: InboundEvent
        let updates: [Int64]
    }

    private struct Key: Hashable {
        let conversation: ConversationAddress
        let person: PersonID
    }

    private struct Held {
        var part: MessagePart
        var updates: [Int64]
        let since: Instant
        var last: Instant

        var due: Instant {
            min(last + (part.album == nil ? Gatherer.textQuiet : Gatherer.albumQuiet), since + Gatherer.patience)
        }

        var ready: Ready { Ready(event: part.event, updates: updates) }
    }

    /// The pieces of one thing come within milliseconds; more is network.
    static let albumQuiet = Duration.milliseconds(600)
    static let textQuiet = Duration.milliseconds(1000)
    /// Nobody waits longer for an answer, however many pieces come.
    static let patience = Duration.seconds(4)
    static let mostParts = 32

    private var held: [Key: Held] = [:]

    /// Updates that are held back now.
    var heldUpdates: Set<Int64> { Set(held.values.flatMap(\.updates)) }

    /// When ``due(at:)`` has something to give at the latest; `nil` while nothing is held.
    var nextDue: Instant? { held.values.map(\.due).min() }

    /// Takes one message; returns what is complete now, in order.
    mutating func take(_ part: MessagePart, update: Int64, at now: Instant) -> [Ready] {
        let key = Key(conversation: part.event.conversation, person: part.event.sender.id)
        guard var known = held.removeValue(forKey: key) else { return hold(part, update, key, now) }
        guard known.part.continues(in: part), known.updates.count < Self.mostParts else {
            return [known.ready] + hold(part, update, key, now)
        }
        known.part = known.part.joined(with: part)
        known.updates.append(update)
        known.last = now
        guard known.part.isOpen else { return [known.ready] }
        held[key] = known
        return []
    }

    /// Takes something that is no message: what its chat holds back comes first.
    mutating func take(_ event: InboundEvent, update: Int64) -> [Ready] {
        release { $0.part.event.conversation.chat == event.conversation.chat } + [
            Ready(event: event, updates: [update])
        ]
    }

    /// What has waited long enough.
    mutating func due(at now: Instant) -> [Ready] { release { $0.due <= now } }

    private mutating func hold(_ part: MessagePart, _ update: Int64, _ key: Key, _ now: Instant) -> [Ready] {
        let new = Held(part: part, updates: [update], since: now, last: now)
        guard part.isOpen else { return [new.ready] }
        held[key] = new
        return []
    }

    private mutating func release(where matches: (Held) -> Bool) -> [Ready] {
        let ready = held.filter { matches($0.value) }
        for key in ready.keys { held[key] = nil }
        return ready.values.map(\.ready).sorted { ($0.updates.first ?? 0) < ($1.updates.first ?? 0) }
    }
}
