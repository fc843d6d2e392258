import Foundation
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
