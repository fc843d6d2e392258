import Basics

/// What a sync brought ("Syncing").
struct SyncResponse: Sendable {
    struct Joined: Sendable {
        let room: String
        /// State at the start of `timeline`, as far as it is new; with it the memberships of who speaks there.
        var state: [MatrixEvent]
        var timeline: [MatrixEvent]
        /// Whether events between the last sync and `timeline` are missing.
        let isLimited: Bool
        /// Where `timeline` begins.
        let start: String?
        /// People who are in the room; `nil` when nothing changed.
        let joinedCount: Int?
        let invitedCount: Int?
    }

    struct Invited: Sendable {
        let room: String
        let state: [MatrixEvent]
    }

    struct Left: Sendable {
        let room: String
        let events: [MatrixEvent]
    }

    let next: String
    var joined: [Joined]
    let invited: [Invited]
    let left: [Left]
    /// The bot's private chats by its own account data; `nil` when unchanged.
    let directRooms: Set<String>?

    init?(_ json: JSONValue) {
        guard let next = json["next_batch"]?.string else { return nil }
        self.next = next
        let rooms = json["rooms"]
        joined = Self.members(rooms?["join"]).map { room, json in
            Joined(
                room: room,
                state: [MatrixEvent](json["state"]?["events"]),
                timeline: [MatrixEvent](json["timeline"]?["events"]),
                isLimited: json["timeline"]?["limited"]?.bool ?? false,
                start: json["timeline"]?["prev_batch"]?.string,
                joinedCount: json["summary"]?["m.joined_member_count"]?.int64.map { Int(clamping: $0) },
                invitedCount: json["summary"]?["m.invited_member_count"]?.int64.map { Int(clamping: $0) }
            )
        }
        invited = Self.members(rooms?["invite"]).map { room, json in
            Invited(room: room, state: [MatrixEvent](json["invite_state"]?["events"]))
        }
        left = Self.members(rooms?["leave"]).map { room, json in
            Left(
                room: room,
                events: [MatrixEvent](json["state"]?["events"]) + [MatrixEvent](json["timeline"]?["events"])
            )
        }
        directRooms = json["account_data"]?["events"]?.array?
            .last { $0["type"]?.string == "m.direct" }
            .map { event in
                Set(Self.members(event["content"]).flatMap { $0.1.array ?? [] }.compactMap(\.string))
            }
    }

    private static func members(_ json: JSONValue?) -> [(String, JSONValue)] {
        (json?.object?.members ?? []).map { ($0.key, $0.value) }
    }
}

/// A page of a room's past ("Getting events for a room"), newest first.
struct MessagePage: Sendable {
    let events: [MatrixEvent]
    let state: [MatrixEvent]
    /// Where the next page begins; `nil` at the end.
    let end: String?

    init(_ json: JSONValue) {
        events = [MatrixEvent](json["chunk"])
        state = [MatrixEvent](json["state"])
        end = json["end"]?.string
    }
}
