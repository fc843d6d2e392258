import Basics

/// An event of a simulated room.
struct RoomEvent: Sendable {
    /// What makes sending it again harmless.
    struct Transaction: Hashable, Sendable {
        let device: String
        let id: String
    }

    let id: String
    /// Its place among the events of all rooms.
    let position: Int
    let type: String
    let sender: String
    let stateKey: String?
    var content: JSONObject
    /// Milliseconds since 1970.
    let timestamp: Int64
    let transaction: Transaction?
    /// The state event that it took the place of.
    let replaced: String?
    /// What `m.room.redaction` takes back.
    let redacts: String?
    /// The event that took it back.
    var redaction: String?

    var key: StateKey? { stateKey.map { StateKey(type: type, key: $0) } }

    var relation: JSONValue? { content["m.relates_to"] }
    var relationType: String? { relation?["rel_type"]?.string }
    var relatesTo: String? { relation?["event_id"]?.string }
}

/// What a state event is the state of.
struct StateKey: Hashable, Sendable {
    let type: String
    let key: String

    static func member(_ user: String) -> StateKey { StateKey(type: "m.room.member", key: user) }

    init(_ type: String) { self.init(type: type, key: "") }

    init(type: String, key: String) {
        self.type = type
        self.key = key
    }
}
