import Basics
import Foundation
import SurfaceKit

@testable import State

/// A folder of its own, removed afterwards.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surfaces-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
}

/// A database in the newest form, on this thread.
func withDatabase<Result>(
    from released: ReleasedState? = nil,
    _ body: (Database) throws -> Result
) throws -> Result {
    try withFolder { folder in
        let path = "\(folder)/surfaces.db"
        try released?.write(to: path)
        let database = try Database(path: path)
        defer { database.close() }
        try Migrations.apply(to: database)
        return try body(database)
    }
}

extension Database {
    /// A question that waits.
    func sampleTurn() throws -> TurnID {
        let address = ConversationAddress(chat: "room")
        let conversation = try conversation(on: "a", at: address, kind: .direct, language: nil)
        let ann = ContextOwner.person("ann", on: "a")
        let context = try makeContext(owner: ann, origin: ann, surface: "a", now: .now)
        return try addTurn(
            in: conversation.id,
            of: context,
            message: "m",
            sender: "ann",
            question: Question(text: "hi", files: []),
            now: .now
        )
    }
}

extension Timestamp {
    static func + (time: Timestamp, span: Duration) -> Timestamp {
        Timestamp(milliseconds: time.milliseconds + span.milliseconds)
    }
}

/// A store in a folder of its own, removed afterwards.
func withStore<Result: Sendable>(_ body: (SQLiteStore, String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surfaces-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try SQLiteStore(path: "\(folder)/surfaces.db")
    let result = try await body(store, folder)
    await store.close()
    return result
}
