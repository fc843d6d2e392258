import Basics

/// What people do, without a client of their own and without limits.
///
/// Everything throws what a homeserver would answer their client.
extension MatrixSimulator {
    // MARK: Accounts

    /// Somebody with an account and a session; the bot is one, too.
    ///
    /// - Parameter name: What stands before the colon: lower case, digits, `.`, `_`, `=`, `-`, `/`.
    package func addPerson(
        _ name: String,
        displayName: String? = nil,
        password: String = randomToken(length: 20)
    ) -> SimulatedPerson {
        register(name, displayName: displayName ?? name, password: password)
    }

    /// Ends every session of `user`; softly, so that the devices stay and a login goes on with them.
    package func expireTokens(of user: String) {
        for (token, known) in tokens where known.user == user { tokens[token]?.expires = .now }
        changed.signal()
    }

    /// Ends every session of `user` for good, as when somebody logs out all devices.
    package func revokeTokens(of user: String) {
        for device in accounts[user]?.devices.keys.sorted() ?? [] { end(Session(user: user, device: device)) }
    }

    // MARK: Rooms

    /// A private chat as clients make it: with an invitation, and often with a first message before anybody joins.
    ///
    /// - Parameter isTrusted: Whether `other` gets all power, too, as in what Element makes; then nobody can remove them.
    @discardableResult
    package func createDirectChat(
        by person: String,
        with other: String,
        saying text: String? = nil,
        isTrusted: Bool = true,
        isEncrypted: Bool = false
    ) throws(MatrixAPIError) -> String {
        var options = JSONObject()
        options["preset"] = isTrusted ? "trusted_private_chat" : "private_chat"
        options["invite"] = [.string(other)]
        if isEncrypted { options["initial_state"] = [Self.encryption] }
        let room = try makeRoom(.object(options), by: person)
        try invite(other, to: room, by: person, isDirect: true)
        if let text { try say(text, in: room, by: person) }
        return room
    }

    /// A room for several people, who are invited.
    @discardableResult
    package func createGroup(
        _ name: String?,
        by person: String,
        inviting others: [String] = [],
        isPublic: Bool = false,
        isEncrypted: Bool = false
    ) throws(MatrixAPIError) -> String {
        var options = JSONObject()
        options["preset"] = isPublic ? "public_chat" : "private_chat"
        options["name"] = name.map { .string($0) }
        if isEncrypted { options["initial_state"] = [Self.encryption] }
        let room = try makeRoom(.object(options), by: person)
        for other in others { try invite(other, to: room, by: person) }
        return room
    }

    package func join(_ room: String, by person: String) throws(MatrixAPIError) { try join(room, person) }

    package func invite(_ other: String, to room: String, by person: String) throws(MatrixAPIError) {
        try invite(other, to: room, by: person, isDirect: false)
    }

    package func kick(_ other: String, from room: String, by person: String) throws(MatrixAPIError) {
        try kick(other, from: room, by: person, reason: nil)
    }

    package func ban(_ other: String, from room: String, by person: String) throws(MatrixAPIError) {
        try ban(other, from: room, by: person, reason: nil)
    }

    package func leave(_ room: String, by person: String) throws(MatrixAPIError) { try leave(room, person) }

    /// The room is replaced by a new one, into which everybody has to be invited.
    @discardableResult
    package func upgrade(_ room: String, by person: String, to version: Int = 12) throws(MatrixAPIError) -> String {
        try upgrade(room, to: String(version), by: person)
    }

    /// From now on messages here are encrypted; that cannot be taken back.
    package func encrypt(_ room: String, by person: String) throws(MatrixAPIError) {
        _ = try joinedRoom(room, person)
        set("m.room.encryption", ["algorithm": "m.megolm.v1.aes-sha2"], in: room, by: person)
    }

    /// Only who has `level` may write; 50 silences everybody who was given no power.
    package func restrictSpeech(in room: String, to level: Int64, by person: String) throws(MatrixAPIError) {
        _ = try joinedRoom(room, person)
        var levels = rooms[room]?.content(StateKey("m.room.power_levels"))?.object ?? JSONObject()
        levels["events_default"] = JSONValue(level)
        append("m.room.power_levels", levels, key: "", to: room, by: person)
    }

    private static let encryption: JSONValue = [
        "type": "m.room.encryption", "state_key": "", "content": ["algorithm": "m.megolm.v1.aes-sha2"],
    ]

    // MARK: Messages

    /// Somebody writes.
    ///
    /// - Parameters:
    ///   - thread: The root of the thread to write in.
    ///   - mentions: Whom the message names, by identifier; `nil` for a client that does not say.
    @discardableResult
    package func say(
        _ text: String,
        in room: String,
        by person: String,
        replyTo: String? = nil,
        thread: String? = nil,
        mentions: [String]? = []
    ) throws(MatrixAPIError) -> String {
        var content = JSONObject()
        content["msgtype"] = "m.text"
        content["body"] = .string(text)
        if let mentions {
            content["m.mentions"] =
                mentions.isEmpty ? [:] : ["user_ids": .array(mentions.map { .string($0) })]
        }
        content["m.relates_to"] = relation(replyTo: replyTo, thread: thread, in: room)
        return try post(content, in: room, by: person)
    }

    /// Somebody sends a file.
    ///
    /// - Parameter kind: `m.file`, `m.image`, `m.audio` or `m.video`.
    @discardableResult
    package func send(
        _ bytes: [UInt8],
        named name: String,
        mimeType: String,
        kind: String = "m.file",
        caption: String? = nil,
        in room: String,
        by person: String,
        thread: String? = nil
    ) throws(MatrixAPIError) -> String {
        var content = JSONObject()
        content["msgtype"] = .string(kind)
        content["body"] = .string(caption ?? name)
        content["filename"] = .string(name)
        content["url"] = .string(store(bytes, name: name, mimeType: mimeType))
        content["info"] = ["mimetype": .string(mimeType), "size": JSONValue(bytes.count)]
        content["m.relates_to"] = relation(replyTo: nil, thread: thread, in: room)
        return try post(content, in: room, by: person)
    }

    /// Somebody sends any event.
    @discardableResult
    package func post(
        _ content: JSONObject,
        type: String = "m.room.message",
        in room: String,
        by person: String
    ) throws(MatrixAPIError) -> String {
        if type == "m.room.message" {
            noteViolations(MatrixShape.message.violations(of: .object(content), at: "m.room.message"))
        }
        return try post(content, type: type, in: room, by: person, isLimited: false)
    }

    /// Somebody writes what only who has the keys can read.
    @discardableResult
    package func sendEncrypted(in room: String, by person: String) throws(MatrixAPIError) -> String {
        let content = JSONObject([
            .init(key: "algorithm", value: "m.megolm.v1.aes-sha2"), .init(key: "session_id", value: "x"),
            .init(key: "ciphertext", value: "AwgAEnB"),
        ])
        return try post(content, type: "m.room.encrypted", in: room, by: person, isLimited: false)
    }

    @discardableResult
    package func edit(
        _ message: String,
        to text: String,
        in room: String,
        by person: String
    ) throws(MatrixAPIError) -> String {
        var content = JSONObject()
        content["msgtype"] = "m.text"
        content["body"] = .string("* \(text)")
        content["m.new_content"] = ["msgtype": "m.text", "body": .string(text), "m.mentions": [:]]
        content["m.mentions"] = [:]
        content["m.relates_to"] = ["rel_type": "m.replace", "event_id": .string(message)]
        return try post(content, in: room, by: person)
    }

    package func redact(_ message: String, in room: String, by person: String) throws(MatrixAPIError) {
        _ = try redact(message, in: room, by: person, isLimited: false)
    }

    package func setTyping(_ isTyping: Bool, in room: String, by person: String) {
        setTyping(isTyping ? .seconds(30) : nil, person, in: room)
    }

    private func relation(replyTo: String?, thread: String?, in room: String) -> JSONValue? {
        guard let thread else { return replyTo.map { ["m.in_reply_to": ["event_id": .string($0)]] } }
        let last = rooms[room]?.events(relatingTo: thread, by: "m.thread").last?.id ?? thread
        return [
            "rel_type": "m.thread", "event_id": .string(thread), "is_falling_back": .bool(replyTo == nil),
            "m.in_reply_to": ["event_id": .string(replyTo ?? last)],
        ]
    }

    // MARK: What people see

    /// `nil` for a room that there is not.
    package func snapshot(of room: String) -> RoomSnapshot? { rooms[room].map { RoomSnapshot($0) } }

    /// The rooms that somebody is in, in no particular order.
    package func rooms(of person: String) -> [RoomSnapshot] { joinedRooms(of: person).map { RoomSnapshot($0) } }

    /// `join`, `invite`, `leave`, `ban`; `nil` for who was never there.
    package func membership(of person: String, in room: String) -> String? { rooms[room]?.membership(of: person) }

    /// Whether a sync of `person` waits for news.
    package func isListening(_ person: String) -> Bool { waiting[person, default: 0] > 0 }

    /// One element at once and one after each change; changes that come while nobody looks are one.
    package nonisolated func changes() -> AsyncStream<Void> { changed.stream() }

    /// Returns when `condition` holds; false when it does not within `patience`.
    package func wait(
        atMost patience: Duration = .seconds(20),
        until condition: @Sendable (isolated MatrixSimulator) -> Bool
    ) async -> Bool {
        let deadline = ContinuousClock.now + patience
        while !condition(self) {
            guard deadline > .now, !Task.isCancelled else { return false }
            await changed.wait(until: deadline)
        }
        return true
    }
}
