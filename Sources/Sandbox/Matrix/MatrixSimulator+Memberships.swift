import Basics

/// Who is in which room.
extension MatrixSimulator {
    // MARK: Requests

    func join(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        let name = call.parameter("room")
        guard let id = name.hasPrefix("#") ? aliases[name] : name else {
            throw .notFound("Room alias \(name) not found")
        }
        try join(id, call.user, isLimited: true)
        return ["room_id": .string(id)]
    }

    func invite(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        let target = call.body["user_id"]?.string ?? ""
        let room = call.parameter("room")
        try spend("invites.room.\(room)", settings.limits.invitesPerRoom, by: call.user)
        try spend("invites.user.\(target)", settings.limits.invitesPerUser, by: call.user)
        try spend("invites.issuer.\(call.user)", settings.limits.invitesPerIssuer, by: call.user)
        try invite(target, to: room, by: call.user, reason: call.body["reason"])
        return [:]
    }

    func kick(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        let target = call.body["user_id"]?.string ?? ""
        try kick(target, from: call.parameter("room"), by: call.user, reason: call.body["reason"])
        return [:]
    }

    func ban(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        let target = call.body["user_id"]?.string ?? ""
        try ban(target, from: call.parameter("room"), by: call.user, reason: call.body["reason"])
        return [:]
    }

    func unban(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        let target = call.body["user_id"]?.string ?? ""
        let room = try joinedRoom(call.parameter("room"), call.user)
        guard room.power(of: call.user) >= room.power(for: "ban", otherwise: 50) else {
            throw .forbidden("You cannot unban user \(target).")
        }
        guard room.membership(of: target) == "ban" else {
            let membership = room.membership(of: target) ?? "None"
            throw .badState("Cannot unban user who was not banned (membership=\(membership))")
        }
        change(target, to: "leave", in: room.id, by: call.user)
        return [:]
    }

    func leave(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        try leave(call.parameter("room"), call.user, reason: call.body["reason"])
        return [:]
    }

    func forget(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        let id = call.parameter("room")
        let membership = rooms[id]?.membership(of: call.user)
        if let membership, !["leave", "ban"].contains(membership) {
            throw .bad("User \(call.user) in room \(id)")
        }
        accounts[call.user]?.forgotten.insert(id)
        return [:]
    }

    func joinedRooms(_ call: MatrixRequest) -> JSONValue {
        ["joined_rooms": .array(joinedRooms(of: call.user).map { .string($0.id) })]
    }

    // MARK: What people and clients do alike

    func join(_ id: String, _ user: String, isLimited: Bool = false) throws(MatrixAPIError) {
        guard let room = rooms[id] else {
            throw MatrixAPIError(
                404,
                "M_UNKNOWN",
                "Can't join remote room because no servers that are in the room have been provided."
            )
        }
        let membership = room.membership(of: user)
        if membership == "join" { return }
        if isLimited {
            try spendMessage(of: user, justLooking: true)
            try spend("joins.\(user)", settings.limits.joins, by: user)
        }
        let isOpen = room.content(StateKey("m.room.join_rules"))?["join_rule"] == "public"
        guard membership != "ban" else {
            throw .badState("Cannot join user who was banned")
        }
        guard membership == "invite" || isOpen else { throw .forbidden("You are not invited to this room.") }
        if isLimited { try spendMessage(of: user) }
        accounts[user]?.forgotten.remove(id)
        change(user, to: "join", in: id, by: user)
    }

    func invite(
        _ target: String,
        to id: String,
        by user: String,
        isDirect: Bool = false,
        reason: JSONValue? = nil
    ) throws(MatrixAPIError) {
        guard let room = rooms[id] else { throw .notFound("Unknown room") }
        guard room.isJoined(user) else { throw .forbidden("\(user) not in room \(id).") }
        switch room.membership(of: target) {
        case "ban": throw .badState("Cannot invite user who was banned")
        case "join": throw .forbidden("\(target) is already in the room.")
        default: break
        }
        guard room.power(of: user) >= room.power(for: "invite", otherwise: 0) else {
            throw .forbidden("You don't have permission to invite users")
        }
        accounts[target]?.forgotten.remove(id)
        change(target, to: "invite", in: id, by: user, isDirect: isDirect, reason: reason)
    }

    func kick(_ target: String, from id: String, by user: String, reason: JSONValue? = nil) throws(MatrixAPIError) {
        guard let room = rooms[id] else { throw .notFound("Unknown room") }
        guard let membership = room.membership(of: target), ["join", "invite"].contains(membership) else {
            throw .forbidden("The target user is not in the room")
        }
        try requireDominance(of: user, over: target, "kick", in: room, refusal: "You cannot kick user \(target).")
        change(target, to: "leave", in: id, by: user, reason: reason)
    }

    func ban(_ target: String, from id: String, by user: String, reason: JSONValue? = nil) throws(MatrixAPIError) {
        guard let room = rooms[id] else { throw .notFound("Unknown room") }
        try requireDominance(of: user, over: target, "ban", in: room, refusal: "You don't have permission to ban")
        change(target, to: "ban", in: id, by: user, reason: reason)
    }

    /// Leaves a room, or rejects its invitation.
    func leave(_ id: String, _ user: String, reason: JSONValue? = nil) throws(MatrixAPIError) {
        guard let room = rooms[id] else { throw MatrixAPIError(404, "M_UNKNOWN", "Not a known room") }
        if hasLeft(room, user, reason: reason) { return }
        guard let membership = room.membership(of: user), ["join", "invite"].contains(membership) else {
            throw .forbidden("\(user) not in room \(id).")
        }
        change(user, to: "leave", in: id, by: user, reason: reason)
    }

    /// Whether `user` has left in just this way already, which may be said again.
    private func hasLeft(_ room: MatrixRoom, _ user: String, reason: JSONValue?) -> Bool {
        guard let index = room.state[.member(user)], room.membership(of: user) == "leave" else { return false }
        let isForgotten = accounts[user]?.forgotten.contains(room.id) ?? false
        return room.events[index].sender == user && room.events[index].content["reason"] == reason && !isForgotten
    }

    func memberContent(_ membership: String, of user: String) -> JSONObject {
        var content = JSONObject()
        content["membership"] = .string(membership)
        if ["join", "invite"].contains(membership) {
            content["displayname"] = accounts[user]?.displayName.map { .string($0) }
        }
        return content
    }

    func joinedRooms(of user: String) -> [MatrixRoom] {
        rooms.values.filter { $0.isJoined(user) }.sorted { $0.id < $1.id }
    }

    // MARK: Changing

    private func change(
        _ target: String,
        to membership: String,
        in room: String,
        by user: String,
        isDirect: Bool = false,
        reason: JSONValue? = nil
    ) {
        var content = memberContent(membership, of: target)
        if isDirect { content["is_direct"] = true }
        content["reason"] = reason
        append("m.room.member", content, key: target, to: room, by: user)
        if membership != "join" { stopTyping(target, in: room) }
    }

    private func requireDominance(
        of user: String,
        over target: String,
        _ deed: String,
        in room: MatrixRoom,
        refusal: String
    ) throws(MatrixAPIError) {
        guard room.isJoined(user) else { throw .forbidden("\(user) not in room \(room.id).") }
        let power = room.power(of: user)
        guard power >= room.power(for: deed, otherwise: 50), power > room.power(of: target) else {
            throw .forbidden(refusal)
        }
    }
}
