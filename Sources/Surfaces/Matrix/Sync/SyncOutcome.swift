import SurfaceKit

/// What a sync means: events for the host, and what to remember and to do.
struct SyncOutcome: Hashable, Sendable {
    var drafts: [InboundDraft] = []
    /// The rooms that the bot is in now.
    var rooms: [String: Room]
    var errands: [RoomErrand] = []
    /// Rooms whose invitations are settled or withdrawn.
    var settled: Set<String> = []

    /// What changes in the surface's state between `before` and this outcome.
    ///
    /// - Parameter pending: The errands that are under way.
    func stateChanges(since before: [String: Room], pending: [RoomErrand]) -> [StateChange] {
        var changes = rooms.filter { before[$0.key] != $0.value }.map { room, known in
            StateChange(key: Room.keyPrefix + room, value: known.stored)
        }
        changes += before.keys.filter { rooms[$0] == nil }.map { StateChange(key: Room.keyPrefix + $0, value: nil) }
        changes += pending.filter { $0.isSettled(by: settled) }.map(\.ending)
        return changes + errands.map(\.beginning)
    }
}

extension RoomErrand {
    /// Whether it is about an invitation to one of `rooms`.
    func isSettled(by rooms: Set<String>) -> Bool {
        switch purpose {
        case .answerInvitation, .follow: rooms.contains(room)
        case .leave, .seeOff: false
        }
    }
}
