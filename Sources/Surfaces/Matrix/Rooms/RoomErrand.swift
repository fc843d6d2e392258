import Basics
import SurfaceKit

/// Something to do about a room that takes its time and must not be lost with a restart.
struct RoomErrand: Hashable, Sendable {
    enum Purpose: Hashable, Sendable {
        /// To decide about an invitation, then join or reject.
        ///
        /// `isExpected`: it leads to the successor of a room that the bot is in.
        case answerInvitation(by: String, isDirect: Bool, isExpected: Bool)
        /// To join the successor of a room, if one may.
        case follow(announcedBy: String)
        case leave
        /// To leave a stranger's private chat when it comes to nothing.
        case seeOff(stranger: String)
    }

    static let keyPrefix = "errand/"

    /// Unlike that of any other errand, so that ending one never touches another.
    let key: String
    let room: String
    let purpose: Purpose

    /// - Parameter occasion: What made it necessary, for example the sync that brought it.
    init(_ purpose: Purpose, room: String, occasion: String) {
        key = "\(Self.keyPrefix)\(room)/\(purpose.name)/\(occasion)"
        self.room = room
        self.purpose = purpose
    }
}

// MARK: - Keeping

extension RoomErrand {
    init?(key: String, stored text: String) {
        guard let json = try? JSONValue(parsing: text.utf8), let room = json["room"]?.string else { return nil }
        let person = json["person"]?.string ?? ""
        switch json["purpose"]?.string {
        case "invitation":
            purpose = .answerInvitation(
                by: person,
                isDirect: json["direct"]?.bool ?? false,
                isExpected: json["expected"]?.bool ?? false
            )
        case "follow": purpose = .follow(announcedBy: person)
        case "leave": purpose = .leave
        case "stranger": purpose = .seeOff(stranger: person)
        default: return nil
        }
        self.key = key
        self.room = room
    }

    var stored: String {
        var object = JSONObject()
        object["room"] = .string(room)
        object["purpose"] = .string(purpose.name)
        switch purpose {
        case .answerInvitation(let person, let isDirect, let isExpected):
            object["person"] = .string(person)
            object["direct"] = .bool(isDirect)
            object["expected"] = .bool(isExpected)
        case .follow(let person), .seeOff(let person): object["person"] = .string(person)
        case .leave: break
        }
        return JSONValue.object(object).text
    }

    var beginning: StateChange { StateChange(key: key, value: stored) }
    var ending: StateChange { StateChange(key: key, value: nil) }
}

extension RoomErrand.Purpose {
    fileprivate var name: String {
        switch self {
        case .answerInvitation: "invitation"
        case .follow: "follow"
        case .leave: "leave"
        case .seeOff: "stranger"
        }
    }
}
