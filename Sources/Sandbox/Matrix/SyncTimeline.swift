import Basics

/// The newest events of a room for one sync, put together as Synapse does it.
struct SyncTimeline: Sendable {
    /// Indices, oldest first.
    private(set) var events: [Int]
    /// After which event of the stream it begins.
    private(set) var start: Int
    /// Whether events between the last sync and these are left out.
    private(set) var isLimited: Bool
    /// Whether the events come with what others said about them.
    let isBundled: Bool

    /// - Parameters:
    ///   - since: What the client has seen; `nil` in a first sync, and in a room that it has just joined.
    ///   - from: Where to look for more, going back.
    ///   - recent: Indices of the newest events since the last sync, at most one more than the filter wants; `nil` to
    ///     look for them.
    ///   - takes: Whether the client is to see an event.
    init(
        of room: MatrixRoom,
        since: Int?,
        from: Int,
        recent: [Int]?,
        isNew: Bool,
        filter: MatrixFilter.Events,
        takes: (RoomEvent) -> Bool
    ) {
        func shown(_ indices: some Sequence<Int>) -> [Int] {
            indices.filter { filter.takes(room.events[$0]) && takes(room.events[$0]) }
        }
        events = shown(recent ?? [])
        isLimited = recent.map { isNew || filter.limit < $0.count } ?? true
        start = from
        guard isLimited, !filter.isClosed else {
            if let first = events.first { start = room.events[first].position - 1 }
            isLimited = false
            isBundled = false
            return
        }
        var end = room.index(after: from)
        let bottom = since.map { room.index(after: $0) } ?? 0
        let portion = max(filter.limit * 2, 10)
        var attempts = 5
        while isLimited, events.count < filter.limit, attempts > 0 {
            let begin = max(bottom, end - portion)
            isLimited = begin > bottom
            events = shown(begin..<max(begin, end)) + events
            end = min(begin, end)
            attempts -= 1
        }
        if events.count > filter.limit {
            isLimited = true
            events = events.suffix(filter.limit)
            if let first = events.first { start = room.events[first].position - 1 }
        }
        isBundled = isLimited || isNew
        if isNew { isLimited = true }
    }

    /// The state that these events set, the newest of each.
    func state(in room: MatrixRoom) -> MatrixRoom.State {
        var state: MatrixRoom.State = [:]
        for index in events { if let key = room.events[index].key { state[key] = index } }
        return state
    }

    /// Who speaks here without having been introduced here before.
    func strangers(in room: MatrixRoom) -> Set<String> {
        var known: Set<String> = []
        var strangers: Set<String> = []
        for index in events {
            let event = room.events[index]
            if !known.contains(event.sender) { strangers.insert(event.sender) }
            if event.type == "m.room.member", let person = event.stateKey { known.insert(person) }
        }
        return strangers
    }
}
