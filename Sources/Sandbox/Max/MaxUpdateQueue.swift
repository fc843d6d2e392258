import Basics

/// The updates of one bot, each under its place, kept for a day.
struct MaxUpdateQueue: Sendable {
    struct Update: Sendable {
        let place: Int64
        let kind: String
        let json: JSONValue
        let at: ContinuousClock.Instant
    }

    private(set) var updates: [Update] = []
    private(set) var next: Int64 = 25_493_970
    /// What lies before it was taken.
    private(set) var committed: Int64 = 25_493_970

    static let lasts = Duration.seconds(24 * 3600)

    mutating func add(_ kind: String, _ json: JSONValue, at now: ContinuousClock.Instant) {
        updates.removeAll { $0.at + Self.lasts < now }
        updates.append(Update(place: next, kind: kind, json: json, at: now))
        next += 1
    }

    /// Puts an update at the end again.
    mutating func repeatLast(at now: ContinuousClock.Instant) {
        if let last = updates.last { add(last.kind, last.json, at: now) }
    }

    mutating func commit(_ place: Int64) { committed = max(committed, min(place, next)) }

    func after(_ place: Int64, limit: Int, kinds: Set<String>?) -> ArraySlice<Update> {
        updates.filter { $0.place >= place && kinds?.contains($0.kind) ?? true }.prefix(limit)
    }
}
