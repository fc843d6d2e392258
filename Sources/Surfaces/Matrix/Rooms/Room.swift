import Basics
import SurfaceKit

/// What must be known of a room that the bot is in, also after a restart.
struct Room: Hashable, Sendable {
    /// The room that replaces this one, and who said so.
    struct Successor: Hashable, Sendable {
        let room: String
        let announcedBy: String
    }

    /// Whether it was made as a private chat; a third person may have come since.
    var isDirect = false
    /// People in it, the bot included; `nil` while nobody told.
    var joinedCount: Int?
    var invitedCount: Int?
    /// Once set it stays: encryption cannot be taken back.
    var isEncrypted = false
    var successor: Successor?

    /// Who can read it.
    var kind: ChatKind {
        guard isDirect else { return .group }
        guard let joinedCount else { return .direct }
        return joinedCount + (invitedCount ?? 0) <= 2 ? .direct : .group
    }

    /// Whether the bot is the last one here.
    var isDeserted: Bool { joinedCount.map { $0 <= 1 } ?? false && (invitedCount ?? 0) == 0 }
}

// MARK: - Keeping

extension Room {
    static let keyPrefix = "room/"

    init?(stored text: String) {
        guard let json = try? JSONValue(parsing: text.utf8), json.object != nil else { return nil }
        isDirect = json["direct"]?.bool ?? false
        joinedCount = json["joined"]?.int64.map { Int(clamping: $0) }
        invitedCount = json["invited"]?.int64.map { Int(clamping: $0) }
        isEncrypted = json["encrypted"]?.bool ?? false
        if let room = json["successor"]?.string, let person = json["announcedBy"]?.string {
            successor = Successor(room: room, announcedBy: person)
        }
    }

    var stored: String {
        var object = JSONObject()
        object["direct"] = .bool(isDirect)
        object["joined"] = joinedCount.map { JSONValue($0) }
        object["invited"] = invitedCount.map { JSONValue($0) }
        object["encrypted"] = .bool(isEncrypted)
        object["successor"] = (successor?.room).map(JSONValue.string)
        object["announcedBy"] = (successor?.announcedBy).map(JSONValue.string)
        return JSONValue.object(object).text
    }
}
