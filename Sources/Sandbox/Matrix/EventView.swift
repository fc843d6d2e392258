import Basics

/// How events look to one client.
struct EventView: Sendable {
    let room: MatrixRoom
    let user: String
    let device: String
    /// The time that ages are counted to, in milliseconds since 1970.
    let time: Int64

    init(_ room: MatrixRoom, for user: String, _ device: String) {
        self.room = room
        self.user = user
        self.device = device
        time = millisecondsSince1970()
    }

    /// As a sync has it: without the room, which it stands under.
    ///
    /// - Parameters:
    ///   - isState: In a list of state it is not told what the client was to the room at the time.
    ///   - bundled: Whether what others said about it comes along.
    func synced(_ event: RoomEvent, isState: Bool = false, bundled: Bool = false) -> JSONValue {
        var json = base(event)
        // The event that makes a room of version 12 has the room in what is hashed.
        if event.type == "m.room.create", room.version >= 12 { json["room_id"] = .string(room.id) }
        json["unsigned"] = .object(unsigned(event, withMembership: !isState, bundled: bundled, base))
        return .object(json)
    }

    /// As the other endpoints have it, with what older clients look for.
    func whole(_ event: RoomEvent, isState: Bool = false, bundled: Bool = true) -> JSONValue {
        whole(event, unsigned(event, withMembership: !isState, bundled: bundled, wholeBase))
    }

    private func whole(_ event: RoomEvent, _ unsigned: JSONObject) -> JSONValue {
        var json = wholeBase(event)
        json["unsigned"] = .object(unsigned)
        for key in ["age", "replaces_state", "prev_content", "redacted_because"] { json[key] = unsigned[key] }
        return .object(json)
    }

    /// What an invitation shows of it.
    static func stripped(_ event: RoomEvent) -> JSONValue {
        [
            "type": .string(event.type), "state_key": .string(event.stateKey ?? ""), "sender": .string(event.sender),
            "content": .object(event.content),
        ]
    }

    private func base(_ event: RoomEvent) -> JSONObject {
        var json = JSONObject()
        json["type"] = .string(event.type)
        json["event_id"] = .string(event.id)
        json["sender"] = .string(event.sender)
        json["origin_server_ts"] = JSONValue(event.timestamp)
        json["content"] = .object(event.content)
        json["state_key"] = event.stateKey.map { .string($0) }
        json["redacts"] = event.redacts.map { .string($0) }
        return json
    }

    private func wholeBase(_ event: RoomEvent) -> JSONObject {
        var json = base(event)
        json["room_id"] = .string(room.id)
        json["user_id"] = .string(event.sender)
        return json
    }

    /// - Parameter frame: How an event that comes along begins.
    private func unsigned(
        _ event: RoomEvent,
        withMembership: Bool,
        bundled: Bool,
        _ frame: (RoomEvent) -> JSONObject
    ) -> JSONObject {
        var unsigned = unsigned(event)
        if withMembership { unsigned["membership"] = .string(membership(at: event)) }
        if let replaced = event.replaced.flatMap(room.event) {
            unsigned["replaces_state"] = .string(replaced.id)
            unsigned["prev_content"] = .object(replaced.content)
            unsigned["prev_sender"] = .string(replaced.sender)
        }
        if let redaction = event.redaction.flatMap(room.event) {
            var json = frame(redaction)
            json["unsigned"] = .object(self.unsigned(redaction))
            if json["user_id"] != nil { json["age"] = unsigned["age"] }
            unsigned["redacted_because"] = .object(json)
            unsigned["redacted_by"] = .string(redaction.id)
        } else if bundled, let relations = relations(of: event) {
            unsigned["m.relations"] = relations
        }
        return unsigned
    }

    /// What is always known of an event: its age, and to who sent it the transaction.
    private func unsigned(_ event: RoomEvent) -> JSONObject {
        var unsigned = JSONObject()
        unsigned["age"] = JSONValue(max(0, time - event.timestamp))
        if let transaction = event.transaction, event.sender == user, transaction.device == device {
            unsigned["transaction_id"] = .string(transaction.id)
        }
        return unsigned
    }

    /// What the client’s user was to the room when the event had happened.
    func membership(at event: RoomEvent) -> String {
        room.membership(of: user, in: room.state(at: event.position)) ?? "leave"
    }

    /// The newest edit and the thread ("Aggregations of child events").
    private func relations(of event: RoomEvent) -> JSONValue? {
        var relations = JSONObject()
        let edits = room.events(relatingTo: event.id, by: "m.replace").filter {
            $0.sender == event.sender && $0.type == event.type && event.stateKey == nil
        }
        if let newest = edits.last, event.relationType != "m.replace" {
            relations["m.replace"] = whole(newest, unsigned(newest))
        }
        let replies = room.events(relatingTo: event.id, by: "m.thread")
        if let latest = replies.last {
            let isMine = event.sender == user || replies.contains { $0.sender == user }
            relations["m.thread"] = [
                "latest_event": whole(latest, unsigned(latest)), "count": JSONValue(replies.count),
                "current_user_participated": .bool(isMine),
            ]
        }
        return relations.members.isEmpty ? nil : .object(relations)
    }
}
