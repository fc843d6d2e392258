import Foundation
import SurfaceKit
import Testing

@testable import Host

/// A store in a folder of its own, removed afterwards.
func withStore<Result: Sendable>(_ body: (Store, String) async throws -> Result) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appending(path: "surfaces-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let store = try Store(path: "\(directory)/surfaces.db")
    let result = try await body(store, directory)
    await store.close()
    return result
}

extension Database {
    /// A question that waits.
    func sampleTurn() throws -> Int64 {
        let address = ConversationAddress(chat: "room")
        let conversation = try conversation(on: "a", at: address, kind: .direct, language: nil)
        let context = try makeContext(
            owner: .person("ann", on: "a"),
            origin: .person("ann", on: "a"),
            surface: "a",
            now: .now
        )
        return try insertTurn(
            conversation: conversation.id,
            context: context,
            message: "m",
            sender: "ann",
            question: Question(text: "hi", files: []),
            now: .now
        )
    }
}
