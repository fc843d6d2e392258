import Dispatch
import Glibc
import SurfaceKit
import Testing

@testable import Host

@Suite("Store")
struct StoreTests {
    private struct Refusal: Error {}

    @Test func `undoes only the transaction that failed when several share a commit`() async throws {
        try await withStore { store, _ in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        _ = try? await store.write { database in
                            try database.setCheckpoint(Checkpoint("\(number)"), of: SurfaceID("s\(number)"))
                            if number % 2 == 1 { throw Refusal() }
                        }
                    }
                }
            }

            let kept = try await store.read { database in
                try (0..<50).filter { try database.checkpoint(of: SurfaceID("s\($0)")) != nil }
            }
            #expect(kept == (0..<50).filter { $0 % 2 == 0 })
        }
    }

    @Test func `tells each transaction the truth when the disk fills in mid-commit`() async throws {
        try await withStore { store, _ in
            try await store.write { database in
                let pages = try database.run("PRAGMA page_count").first?.integer("page_count") ?? 0
                try database.script("PRAGMA max_page_count = \(pages)")
            }
            let gate = DispatchSemaphore(value: 0)
            let blocked = Wakeup()
            async let blocker: Void = store.write { _ in
                blocked.signal()
                gate.wait()
            }
            await blocked.wait()
            async let first: Void = store.write { try $0.setCheckpoint("1", of: "first") }
            async let large: Void = store.write {
                try $0.setCheckpoint(Checkpoint(String(repeating: "x", count: 1 << 20)), of: "large")
            }
            async let last: Void = store.write { try $0.setCheckpoint("1", of: "last") }
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
            try await store.write { try $0.setCheckpoint("7", of: "a") }

            let again = try Store(path: "\(directory)/surfaces.db")
            #expect(try await again.read { try $0.checkpoint(of: "a") } == "7")
            await again.close()
        }
    }

    @Test func `refuses a database that a newer version wrote`() async throws {
        try await withStore { store, directory in
            try await store.write { _ = try $0.run("INSERT INTO migration VALUES (99, '999-future')") }

            #expect(throws: StoreError.self) { try Store(path: "\(directory)/surfaces.db") }
        }
    }

    @Test func `never gives a platform chat id twice, and none below the time`() async throws {
        try await withStore { store, _ in
            let now = Timestamp(milliseconds: 1_700_000_000_000)
            let earlier = Timestamp(milliseconds: 1_600_000_000_000)
            let owner = ContextOwner.person("ann", on: "a")

            let ids = try await store.write { database in
                let first = try database.makeContext(owner: owner, origin: owner, surface: "a", now: now)
                try database.run("DELETE FROM context")
                return [
                    first, try database.makeContext(owner: owner, origin: owner, surface: "a", now: now),
                    try database.makeContext(owner: owner, origin: owner, surface: "a", now: earlier),
                ]
            }

            #expect(ids == [1_700_000_000_000, 1_700_000_000_001, 1_700_000_000_002])
        }
    }

    @Test func `names operations so that a lost state does not repeat them`() async throws {
        try await withStore { store, _ in
            let post = try await store.write { database in
                let chat = try database.conversation(
                    on: "a",
                    at: ConversationAddress(chat: "room"),
                    kind: .direct,
                    language: nil
                )
                return try database.queuePost(.text(MessageText("hi")), in: chat.id, now: .now)
            }

            #expect(post > 1_700_000_000_000)
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

extension Checkpoint: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self.init(value) }
}
