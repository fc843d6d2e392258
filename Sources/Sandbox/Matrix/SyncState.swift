/// The state that a client needs besides a timeline to know how the room is, put together as Synapse does it.
struct SyncState: Sendable {
    /// Indices of the events.
    private(set) var state: MatrixRoom.State
    /// What changed since the last sync; the rest are members that the client may know.
    let changed: Set<StateKey>

    /// - Parameters:
    ///   - since: What the client has seen; `nil` for a room that it knows nothing of.
    ///   - end: Where the timeline ends.
    ///   - members: Whom the client needs to be introduced to; `nil` when it wants everybody.
    init(
        of room: MatrixRoom,
        _ timeline: SyncTimeline,
        since: Int?,
        end: Int,
        members: Set<String>?,
        user: String
    ) {
        guard let since else {
            let wanted = members.map { $0.union([user]) }
            let atEnd = Self.lazily(room.state(at: end), wanted)
            let atStart = timeline.events.first.map { Self.lazily(room.state(at: room.events[$0].position), wanted) }
            state = Self.difference(atStart ?? atEnd, atEnd, before: [:], shown: timeline.state(in: room), members)
            changed = []
            return
        }
        let begin = room.index(after: since)
        if !timeline.isLimited, timeline.events == Array(begin..<begin + timeline.events.count) {
            // Nothing is left out: only the people may be new to the client.
            let first = timeline.events.first.map { room.state(at: room.events[$0].position) } ?? [:]
            state = first.filter { $0.key.type == "m.room.member" && members?.contains($0.key.key) ?? false }
            changed = []
            return
        }
        let atStart = timeline.events.first.map { room.state(at: room.events[$0].position) } ?? room.state(at: end)
        let wanted = timeline.isLimited ? nil : members
        let before = Self.lazily(room.state(at: since), wanted)
        state = Self.difference(
            Self.lazily(atStart, members),
            Self.lazily(room.state(at: end), wanted),
            before: before,
            shown: timeline.state(in: room),
            members
        )
        changed = Set(state.filter { before[$0.key] != $0.value }.keys)
    }

    /// Leaves out members that the client was told of.
    mutating func leaveOut(_ isTold: (StateKey, Int) -> Bool) {
        state = state.filter { changed.contains($0.key) || !isTold($0.key, $0.value) }
    }

    /// Everything but members, and those who are wanted.
    private static func lazily(_ state: MatrixRoom.State, _ members: Set<String>?) -> MatrixRoom.State {
        guard let members else { return state }
        return state.filter { $0.key.type != "m.room.member" || members.contains($0.key.key) }
    }

    private static func difference(
        _ atStart: MatrixRoom.State,
        _ atEnd: MatrixRoom.State,
        before: MatrixRoom.State,
        shown: MatrixRoom.State,
        _ members: Set<String>?
    ) -> MatrixRoom.State {
        var known = Set(before.values)
        if members != nil {
            // Who speaks is introduced, also to a client that may have been told of them before.
            for (key, index) in atStart where key.type == "m.room.member" { known.remove(index) }
        }
        known.formUnion(shown.values)
        // Of two events for the same state the client needs the one at the start.
        var result = atEnd.filter { !known.contains($0.value) }
        for (key, index) in atStart where !known.contains(index) { result[key] = index }
        return result
    }
}
