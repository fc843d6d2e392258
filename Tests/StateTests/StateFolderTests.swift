import Basics
import Foundation
import SurfaceKit
import Testing

@testable import State

@Suite("Folder of the state")
struct StateFolderTests {
    @Test(arguments: ["surfaces.db", "surfaces.db-mark", "lock", "files"])
    func `what is not of a state is told by its path, not met later`(name: String) async throws {
        try withFolder { folder in
            let path = "\(folder)/\(name)"
            if name == "files" {
                try Data().write(to: URL(filePath: path))
            } else {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            }

            let error = #expect(throws: StateError.self) { try SQLiteStore(path: "\(folder)/surfaces.db") }

            #expect(error?.reason.contains("\(path) cannot be written") == true)
        }
    }

    @Test(
        .enabled(if: geteuid() != 0, "everything is writable for root"),
        arguments: [
            "", "/surfaces.db", "/surfaces.db-mark", "/lock", "/files", "/files/7",
        ]
    )
    func `a state of another user is refused with what to do`(name: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "surfaces-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try StateLock(directory: folder)
        let store = try SQLiteStore(path: "\(folder)/surfaces.db")
        try store.files.output("7/in0").finish()
        await store.close()
        let wasFolder = chmod("\(folder)\(name)", 0o500) == 0
        defer { chmod("\(folder)\(name)", 0o700) }

        let error = #expect(throws: StateError.self) { try SQLiteStore(path: "\(folder)/surfaces.db") }

        #expect(wasFolder)
        #expect(error?.reason.hasPrefix("\(folder)\(name) cannot be written: Permission denied") == true)
        #expect(error?.reason.contains("give the folder of the state") == true)
    }

    @Test(arguments: [(EACCES, "user that runs"), (EROFS, "mount"), (ENOSPC, "make room"), (EIO, "backup")])
    func `each fault of a disk has a remedy`(code: Int32, remedy: String) {
        let reason = StateFolder.fault(code, at: "/state/lock")

        #expect(reason.hasPrefix("/state/lock cannot be written: "))
        #expect(reason.contains(remedy))
    }

    @Test func `a state that is moved takes along the files that it owes`() async throws {
        let parent = FileManager.default.temporaryDirectory.appending(path: "surfaces-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: parent) }
        try FileManager.default.createDirectory(atPath: "\(parent)/old", withIntermediateDirectories: true)
        let store = try SQLiteStore(path: "\(parent)/old/surfaces.db")
        let conversation = try await store.write { state in
            let address = ConversationAddress(chat: "room")
            let id = try state.conversation(on: "a", at: address, kind: .direct, language: nil).id
            let file = OutboundFile(path: "7/out0", kind: .document, name: "a", mimeType: "text/plain", size: 2)
            try state.owe(NewPost(.file(file), in: id), now: .now)
            return id
        }
        let output = try store.files.output("7/out0")
        try output.write(Array("hi".utf8))
        try output.finish()
        await store.close()

        try FileManager.default.moveItem(atPath: "\(parent)/old", toPath: "\(parent)/new")

        let moved = try SQLiteStore(path: "\(parent)/new/surfaces.db")
        let owed = try await moved.read { try $0.nextOwed(in: conversation)?.content }
        let content = try #require(owed.map(moved.files.resolved))
        guard case .file(let file) = content else { throw StateError.failed(reason: "no file") }
        #expect(try String(contentsOfFile: file.path, encoding: .utf8) == "hi")
        await moved.close()
    }

    @Test func `a file whose folder is gone is not said to be kept`() throws {
        try withFolder { folder in
            let files = FileCabinet(directory: "\(folder)/files")
            let output = try files.output("7/in0")
            try output.write([1])
            try FileManager.default.removeItem(atPath: "\(folder)/files/7")

            #expect(throws: StateError.self) { try output.finish() }
        }
    }
}
