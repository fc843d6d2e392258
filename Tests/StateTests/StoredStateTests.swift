import Dispatch
import Glibc
import Basics
import SurfaceKit
import Testing

@testable import State

@Suite("Stored state")
struct StoredStateTests {
    @Test func `tells each transaction the truth when the disk fills in mid-commit`() async throws {
        try await withStore { store, _ in
            try await store.job(.full) { database in
                let pages = try database.run("PRAGMA page_count").first?.integer("page_count") ?? 0
                try database.script("PRAGMA max_page_count = \(pages)")
            }
            let gate = DispatchSemaphore(value: 0)
            let (blocked, isBlocked) = AsyncStream.makeStream(of: Never.self)
            async let blocker: Void = store.write { _ in
                isBlocked.finish()
                gate.wait()
            }
            for await _ in blocked {}
            async let first: Void = store.write { try $0.setCheckpoint(Checkpoint("1"), of: "first") }
            async let large: Void = store.write {
                try $0.setCheckpoint(Checkpoint(String(repeating: "x", count: 1 << 20)), of: "large")
            }
            async let last: Void = store.write { try $0.setCheckpoint(Checkpoint("1"), of: "last") }
            // In whatever order, all three share a commit.
            while store.waiting < 3 { await Task.yield() }
            gate.signal()
            try await blocker

            var stored: [SurfaceID] = []
            do { try await first; stored.append("first") } catch {}
            do { try await large; stored.append("large") } catch {}
            do { try await last; stored.append("last") } catch {}

            let kept = try await store.read { database in
                try (["first", "large", "last"] as [SurfaceID]).filter { try database.checkpoint(of: $0) != nil }
            }
            #expect(kept == stored)
        }
    }

    @Test func `keeps what was written when it is opened again`() async throws {
        try await withStore { store, directory in
            try await store.write { try $0.setCheckpoint(Checkpoint("7"), of: "a") }

            let again = try SQLiteStore(path: "\(directory)/surfaces.db")
            #expect(try await again.read { try $0.checkpoint(of: "a") } == Checkpoint("7"))
            await again.close()
        }
    }

    @Test func `refuses a database that a newer version wrote`() async throws {
        try await withStore { store, directory in
            try await store.job(.full) { _ = try $0.run("INSERT INTO migration VALUES (99, '999-future')") }

            #expect(throws: StateError.self) { try SQLiteStore(path: "\(directory)/surfaces.db") }
        }
    }

    @Test func `never gives a platform chat id twice, and none below the time`() async throws {
        try await withStore { store, _ in
            let now = Timestamp(milliseconds: 1_700_000_000_000)
            let earlier = Timestamp(milliseconds: 1_600_000_000_000)
            let owner = ContextOwner.person("ann", on: "a")

            let ids = try await store.job(.full) { database in
                let first = try database.makeContext(owner: owner, origin: owner, surface: "a", now: now)
                _ = try database.run("DELETE FROM context")
                return [
                    first, try database.makeContext(owner: owner, origin: owner, surface: "a", now: now),
                    try database.makeContext(owner: owner, origin: owner, surface: "a", now: earlier),
                ]
            }

            #expect(ids.map(\.number) == [1_700_000_000_000, 1_700_000_000_001, 1_700_000_000_002])
        }
    }

    @Test func `names operations so that a lost state does not repeat them`() async throws {
        try await withStore { store, _ in
            let post = try await store.write { state in
                let chat = try state.conversation(
                    on: "a",
                    at: ConversationAddress(chat: "room"),
                    kind: .direct,
                    language: nil
                )
                try state.owe(NewPost(.text(MessageText("hi")), in: chat.id), now: .now)
                return try state.nextOwed(in: chat.id)
            }

            #expect(try #require(post).id.number > 1_700_000_000_000)
        }
    }

    @Test func `says who holds a state directory`() async throws {
        try await withStore { _, directory in
            let held = try StateLock(directory: directory)

            // A lock belongs to an open file: a second one conflicts within one process too.
            var failure: StateLock.Failure?
            do throws(StateLock.Failure) { _ = try StateLock(directory: directory) } catch { failure = error }
            #expect(failure == .held(pid: getpid()))
            _ = consume held
        }
    }
}
