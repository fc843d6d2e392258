import Basics

/// An event of a room, as a client sees it ("Room event format"), or stripped to what an invitation shows.
struct MatrixEvent: Hashable, Sendable {
    /// How a person belongs to a room.
    enum Membership: String, Sendable {
        case invite, join, knock, leave, ban
    }

    let type: String
    let sender: String
    /// `nil` in stripped state only.
    let id: String?
    let stateKey: String?
    let content: JSONValue
    /// Milliseconds since 1970, as the sender's server claims.
    let timestamp: Int64?
    let unsigned: JSONValue?
    /// What `m.room.redaction` withdraws, in rooms before version 11.
    let redacts: String?

    /// `nil` for what is no event at all.
    init?(_ json: JSONValue) {
        guard let type = json["type"]?.string, let sender = json["sender"]?.string, let content = json["content"],
            content.object != nil
        else { return nil }
        self.type = type
        self.sender = sender
        self.content = content
        id = json["event_id"]?.string
        stateKey = json["state_key"]?.string
        timestamp = json["origin_server_ts"]?.int64
        unsigned = json["unsigned"]
        redacts = json["redacts"]?.string
    }

    /// The bot's own membership at the time of the event, where the homeserver tells it (MSC4115).
    var ownMembership: Membership? { unsigned?["membership"]?.string.flatMap(Membership.init) }

    /// What `m.room.member` says about the person in its state key.
    var membership: Membership? { content["membership"]?.string.flatMap(Membership.init) }

    /// The content that this state event replaced.
    var previousContent: JSONValue? { unsigned?["prev_content"] }

    /// Its content after the newest edit by the same person, where the homeserver bundles that.
    var latestContent: JSONValue {
        guard let edit = unsigned?["m.relations"]?["m.replace"], edit["sender"]?.string == sender else {
            return content
        }
        return edit["content"]?["m.new_content"] ?? content
    }

    /// Whether it is the membership of `user`.
    func isMembership(of user: String) -> Bool { type == "m.room.member" && stateKey == user }
}

extension [MatrixEvent] {
    /// The events of a JSON array; what is no event is left out.
    init(_ json: JSONValue?) { self = (json?.array ?? []).compactMap(MatrixEvent.init) }
}
