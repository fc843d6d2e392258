import Basics
import SurfaceKit
import Testing

/// An account on the test server, and what its owner does with a client.
struct SynapseUser: Sendable {
    let server: Synapse
    let id: String
    /// The local part.
    let name: String
    let password: String
    let token: String

    @discardableResult
    func call(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
        try await server.call(method, "/_matrix/client/v3" + path, body, token: token)
    }

    // MARK: Rooms

    func createRoom(_ settings: JSONValue) async throws -> String {
        try #require(try await call("POST", "/createRoom", settings)["room_id"]?.string)
    }

    /// A private chat as clients make it.
    func createDirectChat(with person: SynapseUser, initialState: JSONValue = []) async throws -> String {
        try await createRoom([
            "preset": "private_chat", "is_direct": true, "invite": [.string(person.id)], "initial_state": initialState,
        ])
    }

    func invite(_ person: SynapseUser, to room: String) async throws {
        try await call("POST", "/rooms/\(room.percentEncoded)/invite", ["user_id": .string(person.id)])
    }

    func join(_ room: String) async throws { try await call("POST", "/join/\(room.percentEncoded)", [:]) }
    func leave(_ room: String) async throws { try await call("POST", "/rooms/\(room.percentEncoded)/leave", [:]) }

    func kick(_ person: SynapseUser, from room: String) async throws {
        try await call("POST", "/rooms/\(room.percentEncoded)/kick", ["user_id": .string(person.id)])
    }

    func joinedRooms() async throws -> [String] {
        try await call("GET", "/joined_rooms")["joined_rooms"]?.array?.compactMap(\.string) ?? []
    }

    /// The membership of `person` in `room`, as the room's state has it.
    func membership(of person: SynapseUser, in room: String) async throws -> String? {
        let path = "/rooms/\(room.percentEncoded)/state/m.room.member/\(person.id.percentEncoded)"
        return try await call("GET", path)["membership"]?.string
    }

    // MARK: Messages

    @discardableResult
    func send(_ content: JSONValue, type: String = "m.room.message", to room: String) async throws -> String {
        let path = "/rooms/\(room.percentEncoded)/send/\(type)/\(randomToken(length: 16))"
        return try #require(try await call("PUT", path, content)["event_id"]?.string)
    }

    @discardableResult
    func say(_ text: String, in room: String, relation: JSONValue? = nil) async throws -> String {
        var content: JSONObject = JSONObject()
        content["msgtype"] = "m.text"
        content["body"] = .string(text)
        content["m.relates_to"] = relation
        return try await send(.object(content), to: room)
    }

    func redact(_ event: String, in room: String) async throws {
        let path = "/rooms/\(room.percentEncoded)/redact/\(event.percentEncoded)/\(randomToken(length: 16))"
        try await call("PUT", path, [:])
    }

    /// The newest messages of `sender` that are not edits and not withdrawn, oldest first, edits bundled.
    func messages(of sender: SynapseUser, in room: String) async throws -> [JSONValue] {
        let page = try await call("GET", "/rooms/\(room.percentEncoded)/messages?dir=b&limit=200")
        let events: [JSONValue] = page["chunk"]?.array ?? []
        return events.reversed().filter { event in
            event["type"]?.string == "m.room.message" && event["sender"]?.string == sender.id
                && event["content"]?["body"] != nil
                && event["content"]?["m.relates_to"]?["rel_type"]?.string != "m.replace"
        }
    }
}
