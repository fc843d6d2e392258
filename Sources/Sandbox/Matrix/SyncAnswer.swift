import Basics

/// The answer to a sync while it is put together.
struct SyncAnswer: Sendable {
    let now: StreamPosition
    let since: StreamPosition?
    var joined: [(room: String, json: JSONValue)] = []
    var invited: [(room: String, json: JSONValue)] = []
    var left: [(room: String, json: JSONValue)] = []
    var accountData: [JSONValue] = []
    var changedDevices: [String] = []

    /// - Parameter since: A client that is ahead of the server keeps its place.
    init(at now: StreamPosition, after since: StreamPosition?) {
        self.now = since.map { now.isBefore($0) ? $0 : now } ?? now
        self.since = since
    }

    /// Whether there is nothing to tell.
    var isEmpty: Bool {
        joined.isEmpty && invited.isEmpty && left.isEmpty && accountData.isEmpty && changedDevices.isEmpty
    }

    /// What is empty is left out.
    var json: JSONValue {
        var json = JSONObject()
        json["next_batch"] = .string(now.text)
        if !accountData.isEmpty { json["account_data"] = ["events": .array(accountData)] }
        if !changedDevices.isEmpty {
            json["device_lists"] = ["changed": .array(changedDevices.map { .string($0) })]
        }
        json["device_one_time_keys_count"] = ["signed_curve25519": 0]
        json["device_unused_fallback_key_types"] = []
        var rooms = JSONObject()
        for (kind, list) in [("join", joined), ("invite", invited), ("leave", left)] where !list.isEmpty {
            rooms[kind] = .object(JSONObject(list.map { .init(key: $0.room, value: $0.json) }))
        }
        if !rooms.members.isEmpty { json["rooms"] = .object(rooms) }
        return .object(json)
    }
}
