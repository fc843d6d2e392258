import Basics

/// The updates of one bot: each is kept until it is confirmed or a day old.
struct UpdateQueue: Sendable {
    private(set) var updates: [(id: Int64, kind: String, json: JSONValue)] = []
    private var next: Int64

    init(startingAt id: Int64) { next = id }

    /// The number that comes next goes anywhere, as after a quiet week.
    mutating func jump(to id: Int64) { next = id }

    mutating func add(_ kind: String, _ content: JSONValue) -> Int64 {
        let id = next
        next += 1
        updates.append(
            (
                id, kind,
                .object(
                    JSONObject([
                        .init(key: "update_id", value: JSONValue(id)), .init(key: kind, value: content),
                    ])
                )
            )
        )
        return id
    }

    /// Puts an update at the end again, under its old number.
    mutating func repeatLast() { if let last = updates.last { updates.append(last) } }

    /// What a poll with `offset` gets; what lies below it is forgotten (td, TQueue::get).
    mutating func read(offset: Int64, limit: Int) -> [JSONValue] {
        if offset < 0 {
            updates = updates.suffix(Int(-offset))
        } else if offset > 0, offset <= next + 10 {
            // An offset of another sequence of numbers is out of range, and forgets nothing.
            let first = updates.first?.id ?? next
            if offset >= first { updates.removeAll { $0.id < offset && $0.id >= first } }
        }
        return updates.prefix(limit).map(\.json)
    }

    mutating func remove(_ id: Int64) { updates.removeAll { $0.id == id } }

    mutating func clear() { updates = [] }
}
