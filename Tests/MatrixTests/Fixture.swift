import Basics
import Foundation

@testable import Matrix

/// Answers of a real Synapse 1.163.2, as they came.
enum Fixture {
    static let bot = "@bot:localhost"

    static func json(_ name: String) throws -> JSONValue {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
        return try JSONValue(parsing: Data(contentsOf: folder.appending(path: "\(name).json")))
    }

    /// The scenes that every homeserver plays alike.
    static func scenes() throws -> [String] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/agreement")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(".json".count)) }.sorted()
    }

    static func sync(_ name: String) throws -> SyncResponse {
        guard let response = SyncResponse(try json(name)) else { throw NoSync(name: name) }
        return response
    }

    static func event(_ name: String) throws -> MatrixEvent {
        guard let event = MatrixEvent(try json(name)) else { throw NoSync(name: name) }
        return event
    }

    struct NoSync: Error { let name: String }
}

extension SyncReader {
    static let test = SyncReader(
        mention: BotMention(user: Fixture.bot, displayName: "The Bot"),
        joinsInvitations: true
    )

    /// Reads a sync that goes on from where the bot was in `rooms`.
    func read(_ name: String, rooms: [String: Room] = [:], pending: [RoomErrand] = []) throws -> SyncOutcome {
        read(try Fixture.sync(name), rooms: rooms, pending: pending, isBaseline: false)
    }
}

extension SyncResponse {
    /// The one room that it is about.
    var onlyRoom: String { (joined.map(\.room) + invited.map(\.room) + left.map(\.room)).first ?? "" }
}
