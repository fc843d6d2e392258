import Basics
import Foundation
import Metrics
import Testing

@testable import Engine
@testable import State

@Suite("Janitor")
struct JanitorTests {
    private func janitor(_ store: SQLiteStore) -> Janitor {
        Janitor(
            system: OperatingSystem(),
            store: store,
            live: LiveSettings(.sample()),
            metrics: HostMetrics(),
            log: .silent
        )
    }

    @Test func `never removes the files of a question that comes while it cleans`() async throws {
        try await withStore { store, _ in
            let files = store.files
            let janitor = janitor(store)

            let made = try await withThrowingTaskGroup(of: [TurnID].self) { group in
                group.addTask {
                    var made: [TurnID] = []
                    for _ in 0..<200 {
                        let turn = try await store.write(.process) { try $0.addSampleTurn() }
                        let folder = "\(files.directory)/\(turn)"
                        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                        made.append(turn)
                    }
                    return made
                }
                group.addTask {
                    while !Task.isCancelled {
                        try await janitor.clean()
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
        try await withStore { store, _ in
            let files = store.files
            let turn = try await store.write { try $0.addSampleTurn() }
            try FileManager.default.createDirectory(
                atPath: "\(files.directory)/\(turn)",
                withIntermediateDirectories: true
            )
            try await store.write { try $0.endTurn(turn, as: .answered, now: .now) }

            try await janitor(store).clean()

            #expect(files.turns == [])
        }
    }
}
