import Basics
import Foundation
import Testing

@testable import Host

@Suite("Janitor")
struct JanitorTests {
    @Test func `never removes the files of a question that comes while it cleans`() async throws {
        try await withStore { store, directory in
            let files = FileCabinet(directory: "\(directory)/files")
            let janitor = Janitor(store: store, files: files, log: .silent)

            let made = try await withThrowingTaskGroup(of: [Int64].self) { group in
                group.addTask {
                    var made: [Int64] = []
                    for _ in 0..<500 {
                        made.append(
                            try await store.write(.process) { database in
                                let turn = try database.sampleTurn()
                                let folder = "\(files.directory)/\(turn)"
                                try FileManager.default.createDirectory(
                                    atPath: folder,
                                    withIntermediateDirectories: true
                                )
                                return turn
                            }
                        )
                    }
                    return made
                }
                group.addTask {
                    while !Task.isCancelled {
                        try await janitor.clean(retention: .seconds(60), keepFiles: .seconds(60))
                    }
                    return []
                }
                let made = try await group.next() ?? []
                group.cancelAll()
                return made
            }

            #expect(Set(files.turns) == Set(made))
        }
    }

    @Test func `removes the files of questions that have ended`() async throws {
        try await withStore { store, directory in
            let files = FileCabinet(directory: "\(directory)/files")
            let turn = try await store.write { try $0.sampleTurn() }
            try FileManager.default.createDirectory(
                atPath: "\(files.directory)/\(turn)",
                withIntermediateDirectories: true
            )
            try await store.write { try $0.endTurn(turn, as: .answered, now: .now) }

            try await Janitor(store: store, files: files, log: .silent)
                .clean(retention: .seconds(60), keepFiles: .seconds(60))

            #expect(files.turns == [])
        }
    }
}
