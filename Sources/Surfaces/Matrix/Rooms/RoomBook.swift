import SurfaceKit

/// The rooms that the bot is in, read from the surface's state once and then kept in step with it.
actor RoomBook {
    private let state: any SurfaceState
    private var known: [String: Room]?

    init(state: any SurfaceState) { self.state = state }

    func rooms() async throws(SurfaceError) -> [String: Room] {
        if let known { return known }
        var loaded: [String: Room] = [:]
        for (key, value) in try await state.values(withPrefix: Room.keyPrefix) {
            loaded[String(key.dropFirst(Room.keyPrefix.count))] = Room(stored: value)
        }
        // While it was read, a sync may have brought newer knowledge.
        if let known { return known }
        known = loaded
        return loaded
    }

    /// Takes over what has just been stored: the change from `before` to `after`.
    func remember(_ after: [String: Room], instead before: [String: Room]) {
        for (room, value) in after where before[room] != value { known?[room] = value }
        for room in before.keys where after[room] == nil { known?[room] = nil }
    }

    func forget(_ room: String) { known?[room] = nil }
}
