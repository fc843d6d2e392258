import Basics

/// Making events.
extension MatrixSimulator {
    /// Most bytes of an event in canonical JSON.
    private static let largestEvent = 65_536

    /// Adds an event to a room and wakes who waits for it.
    @discardableResult
    func append(
        _ type: String,
        _ content: JSONObject,
        key: String? = nil,
        to room: String,
        by sender: String,
        redacting target: String? = nil,
        as transaction: RoomEvent.Transaction? = nil,
        id: String? = nil
    ) -> String {
        now.events += 1
        let replaced = key.flatMap { rooms[room]?.state[StateKey(type: type, key: $0)] }
        let event = RoomEvent(
            id: id ?? "$\(randomToken(length: 43))",
            position: now.events,
            type: type,
            sender: sender,
            stateKey: key,
            content: content,
            timestamp: millisecondsSince1970(),
            transaction: transaction,
            replaced: replaced.flatMap { rooms[room]?.events[$0].id },
            redacts: target
        )
        rooms[room]?.append(event)
        if let target { rooms[room]?.redact(target, by: event.id) }
        changed.signal()
        return event.id
    }

    /// Runs `make` for the first request with this transaction; later ones get its answer.
    func once(
        _ call: MatrixRequest,
        about subject: String,
        _ make: (MatrixRequest) throws(MatrixAPIError) -> JSONValue
    ) throws(MatrixAPIError) -> JSONValue {
        let transaction = Transaction(
            session: Session(user: call.user, device: call.device),
            endpoint: call.route.endpoint,
            room: call.parameter("room"),
            subject: subject,
            id: call.parameter("transaction")
        )
        if let known = transactions[transaction] { return known }
        let answer = try make(call)
        transactions[transaction] = answer
        return answer
    }

    // MARK: Requests

    func send(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        let event = try post(
            call.body,
            type: call.parameter("type"),
            in: call.parameter("room"),
            by: call.user,
            as: RoomEvent.Transaction(device: call.device, id: call.parameter("transaction"))
        )
        return ["event_id": .string(event)]
    }

    func setState(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        let type = call.parameter("type")
        if type == "m.room.member" { throw .badJSON("the simulator changes memberships by their own endpoints only") }
        let room = try joinedRoom(call.parameter("room"), call.user)
        try spendMessage(of: call.user, justLooking: true)
        try requirePower(of: call.user, toSend: type, isState: true, in: room)
        try checkSize(call.body, type: type, in: room, by: call.user)
        try spendMessage(of: call.user)
        let key = call.parameter("key")
        let current = room.state[StateKey(type: type, key: key)].map { room.events[$0] }
        // What is so already stays as it is.
        if let current, current.content == call.body { return ["event_id": .string(current.id)] }
        return ["event_id": .string(append(type, call.body, key: key, to: room.id, by: call.user))]
    }

    func redact(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        try redact(
            call.parameter("event"),
            in: call.parameter("room"),
            by: call.user,
            reason: call.body["reason"],
            as: RoomEvent.Transaction(device: call.device, id: call.parameter("transaction"))
        )
    }

    // MARK: What people and clients do alike

    /// - Parameter isLimited: Whether it counts against the sender’s limit.
    func post(
        _ content: JSONObject,
        type: String,
        in id: String,
        by sender: String,
        as transaction: RoomEvent.Transaction? = nil,
        isLimited: Bool = true
    ) throws(MatrixAPIError) -> String {
        if isLimited { try spendMessage(of: sender, justLooking: true) }
        try check(content, type: type, in: try joinedRoom(id, sender), by: sender)
        if isLimited { try spendMessage(of: sender) }
        return append(type, content, to: id, by: sender, as: transaction)
    }

    private func check(
        _ content: JSONObject,
        type: String,
        in room: MatrixRoom,
        by sender: String
    ) throws(MatrixAPIError) {
        try Self.checkValues(.object(content))
        if type == "m.room.message" {
            for key in ["body", "msgtype"] where content[key]?.string == nil { throw .bad("'\(key)' not in content") }
        }
        try checkRelation(.object(content), type: type, in: room, by: sender)
        try requirePower(of: sender, toSend: type, isState: false, in: room)
        try checkSize(content, type: type, in: room, by: sender)
    }

    func redact(
        _ target: String,
        in id: String,
        by sender: String,
        reason: JSONValue? = nil,
        as transaction: RoomEvent.Transaction? = nil,
        isLimited: Bool = true
    ) throws(MatrixAPIError) -> JSONValue {
        if isLimited { try spendMessage(of: sender, justLooking: true) }
        try checkRedaction(of: target, in: try joinedRoom(id, sender), by: sender)
        if isLimited { try spendMessage(of: sender) }
        var content = JSONObject()
        content["reason"] = reason
        if rooms[id]?.version ?? 0 >= 11 { content["redacts"] = .string(target) }
        let made = append("m.room.redaction", content, to: id, by: sender, redacting: target, as: transaction)
        return ["event_id": .string(made)]
    }

    private func checkRedaction(of target: String, in room: MatrixRoom, by sender: String) throws(MatrixAPIError) {
        guard let event = room.event(target) else { throw .notFound("Could not find event \(target)") }
        guard event.sender == sender || room.power(of: sender) >= room.power(for: "redact", otherwise: 50) else {
            throw .forbidden("You don't have permission to redact events")
        }
        try requirePower(of: sender, toSend: "m.room.redaction", isState: false, in: room)
    }

    /// The room, for who is in it.
    ///
    /// Who holds it while it changes makes a copy of all of it.
    func joinedRoom(_ id: String, _ user: String) throws(MatrixAPIError) -> MatrixRoom {
        guard let room = rooms[id], room.isJoined(user) else {
            throw .forbidden("User \(user) not in room \(id)")
        }
        return room
    }

    // MARK: Checks

    private func requirePower(
        of user: String,
        toSend type: String,
        isState: Bool,
        in room: MatrixRoom
    ) throws(MatrixAPIError) {
        let (has, needs) = (room.power(of: user), room.power(forSending: type, isState: isState))
        guard has >= needs else {
            throw .forbidden(
                "You don't have permission to post that to the room. user_level (\(has)) < send_level (\(needs))"
            )
        }
    }

    private func checkRelation(
        _ content: JSONValue,
        type: String,
        in room: MatrixRoom,
        by sender: String
    ) throws(MatrixAPIError) {
        guard let relation = content["m.relates_to"], let kind = relation["rel_type"]?.string,
            let target = relation["event_id"]?.string
        else { return }
        guard let event = room.event(target) else { throw .bad("Can't send relation to unknown event") }
        if kind == "m.thread", event.relationType != nil {
            throw .bad("Cannot start threads from an event with a relation")
        }
        guard kind == "m.annotation" else { return }
        let isTwice = room.events(relatingTo: target, by: kind).contains {
            $0.sender == sender && $0.type == type && $0.relation?["key"] == relation["key"]
        }
        if isTwice {
            throw MatrixAPIError(400, "M_DUPLICATE_ANNOTATION", "Can't send same reaction twice")
        }
    }

    private func checkSize(
        _ content: JSONObject,
        type: String,
        in room: MatrixRoom,
        by sender: String
    ) throws(MatrixAPIError) {
        let reference = JSONValue.string("$" + String(repeating: "x", count: 43))
        // What a homeserver adds, as long as it is.
        let event: JSONValue = [
            "auth_events": [reference, reference], "content": .object(content), "depth": JSONValue(room.events.count),
            "hashes": ["sha256": .string(String(repeating: "x", count: 43))],
            "origin_server_ts": JSONValue(millisecondsSince1970()), "prev_events": [reference],
            "room_id": .string(room.id), "sender": .string(sender),
            "signatures": [Self.serverName: ["ed25519:a_abcd": .string(String(repeating: "x", count: 86))]],
            "type": .string(type), "unsigned": ["age_ts": JSONValue(millisecondsSince1970())],
        ]
        guard event.canonicalSize <= Self.largestEvent else {
            throw MatrixAPIError(413, "M_TOO_LARGE", "event too large")
        }
    }

    /// Canonical JSON has whole numbers of 53 bits, and no halves of characters.
    private static func checkValues(_ value: JSONValue) throws(MatrixAPIError) {
        switch value {
        case .number(let number):
            guard number.text.allSatisfy({ $0.isNumber || $0 == "-" }) else { throw .badJSON("Bad JSON value: float") }
            guard let whole = number.int64, abs(whole) < 1 << 53 else { throw .badJSON("JSON integer out of range") }
        case .unpaired: throw .internalError
        case .array(let values): for value in values { try checkValues(value) }
        case .object(let object): for member in object.members { try checkValues(member.value) }
        case .null, .bool, .string: break
        }
    }
}
