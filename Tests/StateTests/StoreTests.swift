import Basics
import SurfaceKit
import Synchronization
import Testing

@testable import State

@Suite("Store")
struct StoreTests {
    private struct Refusal: Error {}

    @Test func `what was written is read right after`() async throws {
        try await withStore { store, _ in
            for number in 0..<200 {
                let durability: Durability = number % 2 == 0 ? .full : .process
                try await store.write(durability) { try $0.setCheckpoint(Checkpoint("\(number)"), of: "a") }
                #expect(try await store.read { try $0.checkpoint(of: "a") } == Checkpoint("\(number)"))
            }
        }
    }

    @Test func `a read sees one moment, whatever is written meanwhile`() async throws {
        try await withStore { store, _ in
            try await store.write { try $0.setCheckpoint(Checkpoint("1"), of: "a") }
            let began = ThreadSignal()
            let goOn = ThreadSignal()
            async let seen = store.read { state in
                let first = try state.checkpoint(of: "a")
                began.signal()
                goOn.wait()
                return [first, try state.checkpoint(of: "a")]
            }
            await onThread { began.wait() }

            try await store.write { try $0.setCheckpoint(Checkpoint("2"), of: "a") }
            goOn.signal()

            #expect(try await seen == [Checkpoint("1"), Checkpoint("1")])
            #expect(try await store.read { try $0.checkpoint(of: "a") } == Checkpoint("2"))
        }
    }

    @Test func `a write does not wait for a read, nor the next read`() async throws {
        try await withStore { store, _ in
            let goOn = ThreadSignal()
            async let slow: Void = store.read { _ in goOn.wait() }

            try await store.write { try $0.setCheckpoint(Checkpoint("1"), of: "a") }
            // The other reader, or the same one afterwards.
            goOn.signal()

            try await slow
            #expect(try await store.read { try $0.checkpoint(of: "a") } == Checkpoint("1"))
        }
    }

    @Test func `who reads cannot write`() async throws {
        try await withStore { store, _ in
            await #expect(throws: StateError.self) {
                try await store.read { state in
                    try (state as? any StateChanging)?.setCheckpoint(Checkpoint("1"), of: "a")
                }
            }
            let stored = try await store.read { try $0.checkpoint(of: "a") }
            #expect(stored == nil)
        }
    }

    @Test func `everything that can be asked is answered without writing`() async throws {
        try await withStore { store, _ in
            let closed = try await store.read { state in
                try state.isPairingClosed(to: "eve", on: "a", now: .now)
            }
            #expect(!closed)
        }
    }

    @Test func `closing answers whoever waits, and refuses the rest`() async throws {
        for _ in 0..<20 {
            try await withStore { store, _ in
                let answers = await withTaskGroup(of: Bool.self) { group in
                    for number in 0..<100 {
                        group.addTask {
                            do {
                                _ =
                                    number % 2 == 0
                                    ? try await store.read { try $0.checkpoint(of: "a") }
                                    : try await store.write(.process) { try $0.checkpoint(of: "a") }
                                return true
                            } catch {
                                return "\(error)".contains("closed")
                            }
                        }
                        if number == 50 {
                            group.addTask {
                                await store.close(); return true
                            }
                        }
                        if number == 60 {
                            group.addTask {
                                await store.close(); return true
                            }
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }

                #expect(answers.count == 102)
                #expect(answers.allSatisfy { $0 })
            }
        }
    }

    @Test func `undoes only the transaction that failed when several share a commit`() async throws {
        try await withStore { store, _ in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        _ = try? await store.write { state in
                            try state.setCheckpoint(Checkpoint("\(number)"), of: SurfaceID("s\(number)"))
                            if number % 2 == 1 { throw Refusal() }
                        }
                    }
                }
            }

            let kept = try await store.read { state in
                try (0..<50).filter { try state.checkpoint(of: SurfaceID("s\($0)")) != nil }
            }
            #expect(kept == (0..<50).filter { $0 % 2 == 0 })
        }
    }

    @Test func `notices what another process changed, and only that`() async throws {
        try await withStore { store, folder in
            let before = try await store.foreignChanges()
            try await store.write { try $0.setCheckpoint(Checkpoint("1"), of: "a") }
            let own = try await store.foreignChanges()
            let lock = try StateLock(directory: folder)
            try SharedState(path: "\(folder)/surfaces.db").write { try $0.setCheckpoint(Checkpoint("2"), of: "a") }
            lock.release()

            #expect(own == before)
            #expect(try await store.foreignChanges() != own)
        }
    }

    /// What is stored is given back as it was, also when it is odd.
    @Test func `a text that holds a zero, or is large, comes back whole`() async throws {
        try await withStore { store, _ in
            for text in ["a\u{0}b", "", "\u{FEFF}x", String(repeating: "🙂\u{0}", count: 1 << 18)] {
                try await store.write { try $0.apply([StateChange(key: "k", value: text)], of: "a") }
                #expect(try await store.read { try $0.value("k", of: "a") } == text)
            }
        }
    }

    private static let keys = ["", "a", "ab", "ac", "b", "\u{D7FF}x", "\u{E000}", "\u{10FFFF}", "\u{10FFFF}\u{10FFFF}"]

    @Test(arguments: ["", "a", "ab", "\u{D7FF}", "\u{E000}", "\u{10FFFF}", "c", "a%"])
    func `values are found by the beginning of their keys`(prefix: String) throws {
        try withDatabase { database in
            for surface in ["s", "t"] as [SurfaceID] {
                try database.apply(Self.keys.map { StateChange(key: $0, value: "v") }, of: surface)
            }

            let found = try database.values(withPrefix: prefix, of: "s").keys

            #expect(Set(found) == Set(Self.keys.filter { $0.unicodeScalars.starts(with: prefix.unicodeScalars) }))
        }
    }

    private func onThread(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            DedicatedThread.start {
                body()
                continuation.resume()
            }
        }
    }
}
