import Basics
import SurfaceKit
import Testing

@testable import State

@Suite("State from beside the host")
struct SharedStateTests {
    private static let released = ReleasedState.all[0]

    @Test func `an older state is brought to the newest form when no host runs`() throws {
        try withFolder { folder in
            let path = "\(folder)/surfaces.db"
            try Self.released.write(to: path)

            let pairings = try SharedState(path: path).read { try $0.pairings() }

            #expect(!pairings.isEmpty)
            #expect(StateLock.use(of: folder) == .free)
        }
    }

    @Test func `an older state is left as it is beside a host that runs`() throws {
        try withFolder { folder in
            let path = "\(folder)/surfaces.db"
            try Self.released.write(to: path)
            let lock = try StateLock(directory: folder)

            let error = #expect(throws: StateError.self) { try SharedState(path: path) }

            #expect(error?.reason.contains("older version: restart it") == true)
            #expect(try Migrations.form(of: Database(path: path)) == .older)
            lock.release()
        }
    }

    @Test(arguments: [true, false])
    func `a newer state is left to the newer program`(hostRuns: Bool) throws {
        try withFolder { folder in
            let path = "\(folder)/surfaces.db"
            let database = try Database(path: path)
            try Migrations.apply(to: database)
            try database.run("INSERT INTO migration VALUES (99, '999-future')")
            let lock = hostRuns ? try StateLock(directory: folder) : nil

            let error = #expect(throws: StateError.self) { try SharedState(path: path) }

            #expect(error?.reason.contains("newer version") == true)
            lock?.release()
        }
    }

    @Test func `changes are made beside a host that runs`() throws {
        try withFolder { folder in
            let path = "\(folder)/surfaces.db"
            try Migrations.apply(to: Database(path: path))
            let lock = try StateLock(directory: folder)

            try SharedState(path: path).write { try $0.setCheckpoint(Checkpoint("1"), of: "a") }

            #expect(try SharedState(path: path).read { try $0.checkpoint(of: "a") } == Checkpoint("1"))
            lock.release()
        }
    }

    @Test func `no host starts on a state that is being changed without one`() throws {
        try withFolder { folder in
            let path = "\(folder)/surfaces.db"
            try Migrations.apply(to: Database(path: path))

            let use = try SharedState(path: path).write { _ in StateLock.use(of: folder) }

            #expect(use != .free)
            #expect(StateLock.use(of: folder) == .free)
        }
    }
}
