import Basics
import FoundationEssentials

/// The state for one look or one change from beside the host, whether or not one runs.
///
/// Only who holds the lock of the folder changes the form of the database, and lets its numbers go on: beside a host
/// that runs it must be in just this program’s form.
package struct SharedState {
    private let database: Database
    private let folder: StateFolder

    /// Opens the database at `path`, which must be there.
    ///
    /// - Throws: ``StateError/unusable(reason:)`` when the host that runs, or ran last, is of another version.
    package init(path: String) throws(StateError) {
        folder = StateFolder(database: path)
        try folder.proveUsable()
        database = try Database(path: path)
        switch try Migrations.form(of: database) {
        case .newest: break
        case .newer: throw .unusable(reason: Migrations.newer)
        case .older:
            guard let lock = try Self.lock(folder) else {
                throw .unusable(reason: "the host that runs is of an older version: restart it with this one first")
            }
            try Migrations.apply(to: database)
            lock.release()
        }
    }

    /// - Returns: `nil` when a host holds it.
    private static func lock(_ folder: StateFolder) throws(StateError) -> StateLock? {
        do throws(StateLock.Failure) {
            return try StateLock(directory: folder.path)
        } catch {
            guard case .held = error else { throw .unwritable(reason: error.reason) }
            return nil
        }
    }

    package static func exists(at path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    package func read<Result>(_ body: (any StateReading) throws -> Result) throws -> Result {
        try database.snapshot { try body(database) }
    }

    package func write<Result>(_ body: (any StateChanging) throws -> Result) throws -> Result {
        if let lock = try Self.lock(folder) {
            try OutgoingNumbers.advance(in: database, now: database.system.now)
            let result = try database.transaction { try body($0) }
            lock.release()
            return result
        }
        return try database.transaction { try body($0) }
    }

    /// What is wrong with the database at `path`, by its own check; `nil` when nothing is.
    package static func damage(at path: String) throws(StateError) -> String? {
        let answer = try Database(path: path, access: .reading).run("PRAGMA quick_check(1)").first?.text("quick_check")
        return answer == "ok" ? nil : answer ?? "no answer"
    }
}
