import Basics

/// A room as the homeserver keeps it: its events in order, and what follows from them.
struct MatrixRoom: Sendable {
    typealias State = [StateKey: Int]

    /// How far somebody has read.
    struct Receipt: Sendable {
        let event: String
        let user: String
        /// `m.read` or `m.read.private`.
        let kind: String
        let thread: String?
        let timestamp: Int64
        let position: Int
    }

    let id: String
    let version: Int
    private(set) var events: [RoomEvent] = []
    /// The newest state, as indices of ``events``.
    private(set) var state: State = [:]
    private var indices: [String: Int] = [:]
    private var stateIndices: [Int] = []
    /// Indices of the events that relate to an event.
    private var relations: [String: [Int]] = [:]

    /// Until when each person is typing.
    var typing: [String: ContinuousClock.Instant] = [:]
    /// When who is typing changed last.
    var typingPosition = 0
    var receipts: [Receipt] = []

    init(id: String, version: Int) {
        self.id = id
        self.version = version
    }

    mutating func append(_ event: RoomEvent) {
        indices[event.id] = events.count
        if let key = event.key {
            state[key] = events.count
            stateIndices.append(events.count)
        }
        if let target = event.relatesTo { relations[target, default: []].append(events.count) }
        events.append(event)
    }

    mutating func redact(_ event: String, by redaction: String) {
        guard let index = indices[event] else { return }
        let membership = events[index].content["membership"]
        events[index].content = JSONObject()
        if events[index].type == "m.room.member" { events[index].content["membership"] = membership }
        events[index].redaction = redaction
    }

    // MARK: Looking up

    func event(_ id: String) -> RoomEvent? { indices[id].map { events[$0] } }

    /// The events that relate to `event`, oldest first; none of them taken back.
    func events(relatingTo event: String, by type: String) -> [RoomEvent] {
        (relations[event] ?? []).map { events[$0] }.filter { $0.redaction == nil && $0.relationType == type }
    }

    /// The root of the thread that an event belongs to, itself or by what it relates to; `main` for none.
    ///
    /// - Parameter isReceipt: Whether a root counts as part of its thread.
    func thread(of id: String, isReceipt: Bool) -> String {
        var id = id
        while let event = event(id) {
            if isReceipt, !events(relatingTo: id, by: "m.thread").isEmpty { return id }
            guard let target = event.relatesTo else { break }
            if event.relationType == "m.thread" { return target }
            id = target
        }
        return "main"
    }

    /// The index of the first event after `position`.
    func index(after position: Int) -> Int {
        var (low, high) = (0, events.count)
        while low < high {
            let middle = (low + high) / 2
            if events[middle].position > position { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The state after every event up to `position`.
    func state(at position: Int) -> State {
        if let last = stateIndices.last, events[last].position <= position { return state }
        var state: State = [:]
        for index in stateIndices {
            guard events[index].position <= position else { break }
            if let key = events[index].key { state[key] = index }
        }
        return state
    }

    func content(_ key: StateKey, in state: State? = nil) -> JSONValue? {
        (state ?? self.state)[key].map { .object(events[$0].content) }
    }

    // MARK: People

    /// `join`, `invite`, `leave`, `ban`; `nil` for who was never here.
    func membership(of user: String, in state: State? = nil) -> String? {
        content(.member(user), in: state)?["membership"]?.string
    }

    func isJoined(_ user: String) -> Bool { membership(of: user) == "join" }

    /// Who has this membership, in the order in which they got it.
    func people(_ memberships: String...) -> [String] {
        let members = state.filter { key, index in
            key.type == "m.room.member" && memberships.contains(events[index].content["membership"]?.string ?? "")
        }
        return members.sorted { $0.value < $1.value }.map(\.key.key)
    }

    /// The name that somebody has here; their identifier when they have none.
    func name(of user: String) -> String { content(.member(user))?["displayname"]?.string ?? user }

    /// Who made the room: from version 12 on nothing is above them.
    var creators: Set<String> {
        guard version >= 12, let create = events.first else { return [] }
        let more = create.content["additional_creators"]?.array?.compactMap(\.string) ?? []
        return Set(more + [create.sender])
    }

    func power(of user: String) -> Int64 {
        if creators.contains(user) { return .max }
        let levels = content(StateKey("m.room.power_levels"))
        return levels?["users"]?[user]?.int64 ?? levels?["users_default"]?.int64 ?? 0
    }

    /// The power that a deed needs: `kick`, `ban`, `invite`, `redact`.
    func power(for deed: String, otherwise fallback: Int64) -> Int64 {
        content(StateKey("m.room.power_levels"))?[deed]?.int64 ?? fallback
    }

    /// The power that an event needs.
    func power(forSending type: String, isState: Bool) -> Int64 {
        let levels = content(StateKey("m.room.power_levels"))
        if let level = levels?["events"]?[type]?.int64 { return level }
        return levels?[isState ? "state_default" : "events_default"]?.int64 ?? (isState ? 50 : 0)
    }
}
