import Basics

/// What can be asked of a room.
extension MatrixSimulator {
    // MARK: Events

    func event(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        guard let room = try? readableRoom(call), let event = room.event(call.parameter("event")),
            isVisible(event, in: room, to: call.user)
        else { throw .notFound("Event not found.") }
        return EventView(room, for: call.user, call.device).whole(event)
    }

    func relations(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        let room = try readableRoom(call)
        guard room.event(call.parameter("event")) != nil else { throw .notFound("Unknown parent event.") }
        let related = room.events(relatingTo: call.parameter("event"), by: call.parameter("relation"))
        let view = EventView(room, for: call.user, call.device)
        return ["chunk": .array(related.reversed().map { view.whole($0) })]
    }

    /// "Getting events for a room": a page of its past.
    func messages(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        let room = try readableRoom(call)
        let isBackwards = try direction(call) == "b"
        let limit = Int(call.query("limit") ?? "10") ?? 10
        let filter = MatrixFilter.Events(try filterOfPage(call))
        var from = try position(call, "from") ?? (isBackwards ? now : .start)
        if isBackwards, let end = departure(of: call.user, from: room) { from.events = min(from.events, end) }
        let to = try position(call, "to")?.events
        let page = Page(room, from: from.events, to: to, isBackwards: isBackwards, limit: limit, filter)

        var answer = JSONObject()
        let view = EventView(room, for: call.user, call.device)
        let shown = page.events.map { room.events[$0] }.filter { isVisible($0, in: room, to: call.user) }
        answer["chunk"] = .array(shown.map { view.whole($0) })
        answer["start"] = .string(call.query("from") ?? from.text(depth: room.index(after: from.events)))
        if !page.isLast {
            let end = StreamPosition(events: page.end, rest: from.rest)
            answer["end"] = .string(end.text(depth: room.index(after: page.end)))
        }
        if filter.loadsMembersLazily, let first = shown.first {
            let members = room.state(at: first.position)
            let senders = Set(shown.map(\.sender))
            let state = members.filter { $0.key.type == "m.room.member" && senders.contains($0.key.key) }.values
                .sorted()
            answer["state"] = .array(state.map { view.whole(room.events[$0], isState: true, bundled: false) })
        }
        return .object(answer)
    }

    private func position(_ call: MatrixRequest, _ name: String) throws(MatrixAPIError) -> StreamPosition? {
        guard let text = call.query(name) else { return nil }
        do { return try StreamPosition(text) } catch { throw .bad("'\(name)' parameter is invalid") }
    }

    private func direction(_ call: MatrixRequest) throws(MatrixAPIError) -> String {
        let direction = call.query("dir") ?? "f"
        guard ["b", "f"].contains(direction) else {
            throw .invalid("Query parameter 'dir' must be one of ['b', 'f']")
        }
        return direction
    }

    private func filterOfPage(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue? {
        guard let text = call.query("filter") else { return nil }
        guard let json = try? JSONValue(parsing: text.utf8) else {
            throw MatrixAPIError(400, "M_NOT_JSON", "query parameter 'filter' is not valid JSON")
        }
        noteViolations(MatrixShape.roomEventFilter.violations(of: json, at: "messages?filter"))
        return json
    }

    // MARK: State

    func state(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        let room = try readableRoom(call)
        let state = room.state(at: departure(of: call.user, from: room) ?? now.events)
        let key = StateKey(type: call.parameter("type"), key: call.parameter("key"))
        guard let content = room.content(key, in: state) else { throw .notFound("Event not found.") }
        return content
    }

    func wholeState(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        let room = try readableRoom(call)
        let state = room.state(at: departure(of: call.user, from: room) ?? now.events)
        let view = EventView(room, for: call.user, call.device)
        return .array(state.values.sorted().map { view.whole(room.events[$0], isState: true, bundled: false) })
    }

    func members(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        let room = try readableRoom(call)
        let state = room.state(at: departure(of: call.user, from: room) ?? now.events)
        let view = EventView(room, for: call.user, call.device)
        let members = state.filter { $0.key.type == "m.room.member" }.values.sorted()
        return ["chunk": .array(members.map { view.whole(room.events[$0], isState: true, bundled: false) })]
    }

    func joinedMembers(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        let room = try readableRoom(call)
        guard room.isJoined(call.user) else {
            throw .forbidden("Getting joined members while not being a current member of the room is forbidden.")
        }
        let members = room.people("join").map { user in
            JSONObject.Member(
                key: user,
                value: ["display_name": accounts[user]?.displayName.map { .string($0) } ?? .null, "avatar_url": .null]
            )
        }
        return ["joined": .object(JSONObject(members))]
    }

    // MARK: Who may see what

    /// The room, for who is or was in it.
    private func readableRoom(_ call: MatrixRequest) throws(MatrixAPIError) -> MatrixRoom {
        let (id, user) = (call.parameter("room"), call.user)
        let isForgotten = accounts[user]?.forgotten.contains(id) ?? false
        guard let room = rooms[id], let membership = room.membership(of: user),
            membership == "join" || membership == "leave", !isForgotten
        else { throw .forbidden("User \(user) not in room \(id), and room previews are disabled") }
        return room
    }

    /// After which event somebody who has left sees nothing more; `nil` for who is there.
    func departure(of user: String, from room: MatrixRoom) -> Int? {
        guard !room.isJoined(user) else { return nil }
        return room.state[.member(user)].map { room.events[$0].position }
    }

    /// Whether `user` may see an event ("Room history visibility").
    func isVisible(_ event: RoomEvent, in room: MatrixRoom, to user: String) -> Bool {
        let state = room.state(at: event.position)
        let membership = room.membership(of: user, in: state)
        if membership == "join" || event.key == .member(user) { return true }
        switch room.content(StateKey("m.room.history_visibility"), in: state)?["history_visibility"]?.string {
        case "joined": return false
        case "invited": return membership == "invite"
        default: return departure(of: user, from: room).map { event.position <= $0 } ?? true
        }
    }
}

/// A page of a room’s events.
struct Page: Sendable {
    /// Indices, in the order asked for.
    let events: [Int]
    /// Where the next page begins.
    let end: Int
    /// Whether there is nothing more, not even on this page.
    let isLast: Bool

    /// - Parameters:
    ///   - from: Backwards, the newest position; forwards, the one before the oldest.
    ///   - to: Where the other end is, likewise.
    init(
        _ room: MatrixRoom,
        from: Int,
        to: Int?,
        isBackwards: Bool,
        limit: Int,
        _ filter: MatrixFilter.Events
    ) {
        let range: Range<Int>
        if isBackwards {
            let end = room.index(after: from)
            range = min(room.index(after: to ?? 0), end)..<end
        } else {
            let start = room.index(after: from)
            range = start..<max(start, to.map { room.index(after: $0) } ?? room.events.count)
        }
        let order = isBackwards ? Array(range.reversed()) : Array(range)
        let fitting = order.filter { filter.takes(room.events[$0]) }
        events = Array(fitting.prefix(limit))
        isLast = fitting.isEmpty
        if let last = events.last {
            end = room.events[last].position - (isBackwards ? 1 : 0)
        } else {
            end = to ?? from
        }
    }
}
