import Basics

/// How rooms come to be.
extension MatrixSimulator {
    func createRoom(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        try spend("rooms.\(call.user)", settings.limits.roomCreation, by: call.user, justLooking: true)
        try spendMessage(of: call.user)
        try spend("rooms.\(call.user)", settings.limits.roomCreation, by: call.user)
        let invited = (call.body["invite"]?.array ?? []).compactMap(\.string)
        if !invited.isEmpty {
            try spend("invites.issuer.\(call.user)", settings.limits.invitesPerIssuer, by: call.user)
        }
        let room = try makeRoom(.object(call.body), by: call.user)
        for person in invited {
            try invite(person, to: room, by: call.user, isDirect: call.body["is_direct"]?.bool ?? false)
        }
        return ["room_id": .string(room)]
    }

    /// Makes a room with its first events, in Synapse’s order; nobody is invited yet.
    func makeRoom(
        _ options: JSONValue,
        by creator: String,
        replacing old: MatrixRoom? = nil
    ) throws(MatrixAPIError)
        -> String
    {
        guard let version = Int(options["room_version"]?.string ?? "12"), (1...12).contains(version) else {
            throw MatrixAPIError(
                400,
                "M_UNSUPPORTED_ROOM_VERSION",
                "Your homeserver does not support this room version"
            )
        }
        let preset = options["preset"]?.string ?? (options["visibility"] == "public" ? "public_chat" : "private_chat")
        let (id, first) = Self.newIdentifiers(version)
        let alias = try reserveAlias(options["room_alias_name"]?.string, for: id)
        rooms[id] = MatrixRoom(id: id, version: version)
        var create = options["creation_content"]?.object ?? JSONObject()
        create["room_version"] = .string(String(version))
        let invited = options["invite"]?.array ?? []
        if version >= 12, preset == "trusted_private_chat", !invited.isEmpty {
            create["additional_creators"] = .array(invited)
        }
        if let old {
            create["predecessor"] = ["room_id": .string(old.id)]
        }
        append("m.room.create", create, key: "", to: id, by: creator, id: first)
        append("m.room.member", memberContent("join", of: creator), key: creator, to: id, by: creator)
        let levels = powerLevels(of: options, preset, version, creator)
        append("m.room.power_levels", levels, key: "", to: id, by: creator)
        if let alias { set("m.room.canonical_alias", ["alias": .string(alias)], in: id, by: creator) }
        addInitialState(options, preset, to: id, by: creator)
        return id
    }

    private func addInitialState(_ options: JSONValue, _ preset: String, to id: String, by creator: String) {
        let initial = options["initial_state"]?.array ?? []
        let given = Set(initial.compactMap { $0["type"]?.string })
        var state: [(type: String, key: String, content: JSONValue)] = [
            ("m.room.join_rules", "", ["join_rule": preset == "public_chat" ? "public" : "invite"]),
            ("m.room.history_visibility", "", ["history_visibility": "shared"]),
        ]
        if preset != "public_chat" { state.append(("m.room.guest_access", "", ["guest_access": "can_join"])) }
        state.removeAll { given.contains($0.type) }
        state += initial.map { ($0["type"]?.string ?? "", $0["state_key"]?.string ?? "", $0["content"] ?? [:]) }
        if let name = options["name"] { state.append(("m.room.name", "", ["name": name])) }
        if let topic = options["topic"] {
            state.append(("m.room.topic", "", ["m.topic": ["m.text": [["body": topic]]], "topic": topic]))
        }
        for item in state { set(item.type, item.content, key: item.key, in: id, by: creator) }
    }

    private func powerLevels(
        of options: JSONValue,
        _ preset: String,
        _ version: Int,
        _ creator: String
    ) -> JSONObject {
        var users = JSONObject()
        if version < 12 {
            users[creator] = 100
            if preset == "trusted_private_chat" {
                for person in options["invite"]?.array ?? [] { users[person.string ?? ""] = 100 }
            }
        }
        var events: JSONObject =
            JSONObject([
                .init(key: "m.room.name", value: 50), .init(key: "m.room.power_levels", value: 100),
                .init(key: "m.room.history_visibility", value: 100), .init(key: "m.room.canonical_alias", value: 50),
                .init(key: "m.room.avatar", value: 50), .init(key: "m.room.tombstone", value: version < 12 ? 100 : 150),
                .init(key: "m.room.server_acl", value: 100), .init(key: "m.room.encryption", value: 100),
            ])
        if preset == "public_chat" { events["m.call.invite"] = 50 }
        var levels = JSONObject([
            .init(key: "users", value: .object(users)), .init(key: "users_default", value: 0),
            .init(key: "events", value: .object(events)), .init(key: "events_default", value: 0),
            .init(key: "state_default", value: 50), .init(key: "ban", value: 50), .init(key: "kick", value: 50),
            .init(key: "redact", value: 50), .init(key: "invite", value: preset == "public_chat" ? 50 : 0),
            .init(key: "historical", value: 100),
        ])
        for member in options["power_level_content_override"]?.object?.members ?? [] {
            levels[member.key] = member.value
        }
        return levels
    }

    /// From version 12 on a room is called like the event that made it.
    private static func newIdentifiers(_ version: Int) -> (room: String, event: String) {
        let hash = randomToken(length: 43)
        guard version < 12 else { return ("!\(hash)", "$\(hash)") }
        let letters = randomToken(length: 18, alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        return ("!\(letters):\(serverName)", "$\(hash)")
    }

    private func reserveAlias(_ name: String?, for room: String) throws(MatrixAPIError) -> String? {
        guard let name else { return nil }
        let alias = "#\(name):\(Self.serverName)"
        guard aliases[alias] == nil else { throw MatrixAPIError(400, "M_ROOM_IN_USE", "Room alias already taken") }
        aliases[alias] = room
        return alias
    }

    func set(_ type: String, _ content: JSONValue, key: String = "", in room: String, by sender: String) {
        append(type, content.object ?? JSONObject(), key: key, to: room, by: sender)
    }

    // MARK: Upgrades

    func upgrade(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        try spendMessage(of: call.user)
        let version = call.body["new_version"]?.string ?? ""
        return ["replacement_room": .string(try upgrade(call.parameter("room"), to: version, by: call.user))]
    }

    /// Replaces a room; nobody but who does it is in the new one, and nobody is invited.
    func upgrade(_ id: String, to version: String, by user: String) throws(MatrixAPIError) -> String {
        guard let old = rooms[id] else { throw .notFound("Unknown room id \(id)") }
        _ = try joinedRoom(id, user)
        let needed = old.power(forSending: "m.room.tombstone", isState: true)
        guard old.power(of: user) >= needed else {
            throw .forbidden(
                "You don't have permission to post that to the room. "
                    + "user_level (\(old.power(of: user))) < send_level (\(needed))"
            )
        }
        var options = JSONObject()
        options["room_version"] = .string(version)
        options["preset"] = old.content(StateKey("m.room.join_rules"))?["join_rule"] == "public" ? "public_chat" : nil
        let kept = ["m.room.name", "m.room.topic", "m.room.encryption", "m.room.avatar", "m.room.guest_access"]
        options["initial_state"] = .array(
            kept.compactMap { type in
                old.content(StateKey(type)).map { ["type": .string(type), "state_key": "", "content": $0] }
            }
        )
        var levels = old.content(StateKey("m.room.power_levels"))?.object ?? JSONObject()
        // Who makes a room of version 12 needs no power.
        if Int(version) ?? 0 >= 12, var users = levels["users"]?.object {
            users[user] = nil
            levels["users"] = .object(users)
        }
        options["power_level_content_override"] = .object(levels)
        let new = try makeRoom(.object(options), by: user, replacing: old)
        set(
            "m.room.tombstone",
            ["body": "This room has been replaced", "replacement_room": .string(new)],
            in: id,
            by: user
        )
        silence(id, by: user)
        return new
    }

    /// Nobody but the mighty may speak in a room that was replaced.
    private func silence(_ room: String, by user: String) {
        guard var levels = rooms[room]?.content(StateKey("m.room.power_levels"))?.object else { return }
        let restricted = max((levels["users_default"]?.int64 ?? 0) + 1, 50)
        for key in ["events_default", "invite"] {
            levels[key] = JSONValue(max(levels[key]?.int64 ?? 0, restricted))
        }
        append("m.room.power_levels", levels, key: "", to: room, by: user)
    }
}
