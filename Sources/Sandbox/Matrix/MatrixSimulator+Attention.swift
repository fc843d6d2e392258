import Basics

/// Who is typing, and who has read what.
extension MatrixSimulator {
    func setTyping(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        guard call.parameter("user") == call.user else {
            throw MatrixAPIError(400, "M_FORBIDDEN", "Cannot set another user's typing state")
        }
        _ = try joinedRoom(call.parameter("room"), call.user)
        // Two minutes at most.
        let duration = Duration.milliseconds(min(call.body["timeout"]?.int64 ?? 30_000, 120_000))
        setTyping(call.body["typing"]?.bool == true ? duration : nil, call.user, in: call.parameter("room"))
        return [:]
    }

    /// - Parameter duration: `nil` for who stops.
    func setTyping(_ duration: Duration?, _ user: String, in room: String) {
        guard let duration else { return stopTyping(user, in: room) }
        let was = rooms[room]?.typing.updateValue(.now + duration, forKey: user)
        if was == nil { noteTyping(in: room) }
    }

    func stopTyping(_ user: String, in room: String) {
        if rooms[room]?.typing.removeValue(forKey: user) != nil { noteTyping(in: room) }
    }

    private func noteTyping(in room: String) {
        now.rest += 1
        rooms[room]?.typingPosition = now.rest
        changed.signal()
    }

    /// Forgets who has not said for too long that they are typing.
    func expireTyping() {
        let present = ContinuousClock.now
        for room in rooms.values {
            for (user, end) in room.typing where end <= present { stopTyping(user, in: room.id) }
        }
    }

    /// When the next of them stops by itself.
    var nextTypingEnd: ContinuousClock.Instant? { rooms.values.compactMap { $0.typing.values.min() }.min() }

    // MARK: Receipts

    func setReceipt(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        let kind = call.parameter("kind")
        guard ["m.read", "m.read.private", "m.fully_read"].contains(kind) else {
            throw .bad("Receipt type must be m.read.private, m.fully_read, m.read")
        }
        _ = try joinedRoom(call.parameter("room"), call.user)
        let thread = call.body["thread_id"]?.string
        if thread == "" { throw .invalid("thread_id field must be a non-empty string") }
        let event = call.parameter("event")
        if let thread, rooms[call.parameter("room")]?.thread(of: event, isReceipt: thread != "main") != thread {
            throw .invalid("event_id \(event) is not related to thread \(thread)")
        }
        note(event, as: kind, of: call.user, thread: thread, in: call.parameter("room"))
        return [:]
    }

    func setReadMarkers(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        _ = try joinedRoom(call.parameter("room"), call.user)
        for kind in ["m.read", "m.read.private"] {
            guard let event = call.body[kind]?.string else { continue }
            note(event, as: kind, of: call.user, thread: nil, in: call.parameter("room"))
        }
        return [:]
    }

    private func note(_ event: String, as kind: String, of user: String, thread: String?, in room: String) {
        // Of an event that nobody knows there is nothing to tell.
        guard kind != "m.fully_read", rooms[room]?.event(event) != nil else { return }
        now.rest += 1
        rooms[room]?.receipts.removeAll { $0.user == user && $0.kind == kind && $0.thread == thread }
        rooms[room]?.receipts.append(
            MatrixRoom.Receipt(
                event: event,
                user: user,
                kind: kind,
                thread: thread,
                timestamp: millisecondsSince1970(),
                position: now.rest
            )
        )
        changed.signal()
    }

    // MARK: As events

    /// What a sync tells `user` of them.
    func ephemeralEvents(in room: MatrixRoom, for user: String, since: Int?) -> [JSONValue] {
        var events: [JSONValue] = []
        if since.map({ room.typingPosition > $0 }) ?? !room.typing.isEmpty {
            let people = room.typing.keys.sorted().map { JSONValue.string($0) }
            events.append(["type": "m.typing", "content": ["user_ids": .array(people)]])
        }
        var content = JSONObject()
        for receipt in room.receipts where receipt.position > since ?? 0 {
            guard receipt.kind == "m.read" || receipt.user == user else { continue }
            var told = JSONObject()
            told["ts"] = JSONValue(receipt.timestamp)
            told["thread_id"] = receipt.thread.map { .string($0) }
            var kinds = content[receipt.event]?.object ?? JSONObject()
            var people = kinds[receipt.kind]?.object ?? JSONObject()
            people[receipt.user] = .object(told)
            kinds[receipt.kind] = .object(people)
            content[receipt.event] = .object(kinds)
        }
        if !content.members.isEmpty { events.append(["type": "m.receipt", "content": .object(content)]) }
        return events
    }
}
