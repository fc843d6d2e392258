import Basics
import SurfaceKit
import Testing

@testable import Engine
@testable import State

@Suite("Linked accounts")
struct LinkTests {
    private func withScene(_ body: @Sendable (PeopleScene) async throws -> Void) async throws {
        try await withStore { store, _ in try await body(PeopleScene(store: store)) }
    }

    private func link(_ scene: PeopleScene) async throws {
        let code = try #require(try await scene.say("/link", by: "7", on: "a").code)
        let offer = try await scene.say("/link \(code.lowercased())", by: "ann", on: "b")
        #expect(offer.joined().contains("The 7") && offer.joined().contains("on a"))
        #expect(try await scene.say("/link yes", by: "ann", on: "b").count == 2)
    }

    @Test func `are one person who sees the same contexts and keeps both current ones`() async throws {
        try await withScene { scene async throws in
            try await scene.say("on a", by: "7", on: "a")
            try await scene.say("/save Trip", by: "7", on: "a")
            try await scene.say("on b", by: "ann", on: "b")
            try await scene.say("/save trip", by: "ann", on: "b")
            let (first, second) = (
                try await scene.context(of: "7", on: "a"), try await scene.context(of: "ann", on: "b")
            )

            try await link(scene)

            for list in [
                try await scene.say("/contexts", by: "7", on: "a"),
                try await scene.say("/contexts", by: "ann", on: "b"),
            ] {
                #expect(list.joined().contains("“Trip”") && list.joined().contains("“trip (2)”"))
            }
            try await scene.say("still on b", by: "ann", on: "b")
            #expect(try await scene.context(of: "ann", on: "b") == second)
            try await scene.say("/load Trip", by: "ann", on: "b")
            try await scene.say("now in the other", by: "ann", on: "b")
            #expect(try await scene.context(of: "ann", on: "b") == first)
        }
    }

    @Test func `keep what was begun on each when they part`() async throws {
        try await withScene { scene async throws in
            try await scene.say("on a", by: "7", on: "a")
            try await scene.say("/save Trip", by: "7", on: "a")
            try await link(scene)
            try await scene.say("/load Trip", by: "ann", on: "b")
            try await scene.say("in the other’s", by: "ann", on: "b")
            let shared = try await scene.context(of: "ann", on: "b")

            try await scene.say("/unlink", by: "ann", on: "b")

            #expect(try await scene.say("/load Trip", by: "ann", on: "b").joined().contains("no conversation"))
            try await scene.say("alone again", by: "ann", on: "b")
            #expect(try await scene.context(of: "ann", on: "b") != shared)
            #expect(try await scene.say("/contexts", by: "7", on: "a").joined().contains("“Trip”"))
            #expect(try await scene.count("account") == 0)
            #expect(try await scene.say("/unlink", by: "7", on: "a").joined().contains("not linked"))
        }
    }

    @Test func `need a code that is fresh, unused and not one’s own`() async throws {
        try await withScene { scene async throws in
            let old = Timestamp.now - LinkRecord.lasts - .seconds(1)
            let stale = try #require(try await scene.say("/link", by: "7", on: "a", at: old).code)
            #expect(try await scene.say("/link \(stale)", by: "ann", on: "b").joined().contains("not known"))
            let own = try #require(try await scene.say("/link", by: "7", on: "a").code)
            #expect(try await scene.say("/link \(own)", by: "7", on: "a").joined().contains("your own"))
            #expect(try await scene.say("/link \(own)", by: "ann", on: "b").joined().contains("not known"))
            #expect(try await scene.say("/link yes", by: "ann", on: "b").joined().contains("nothing to confirm"))
            #expect(try await scene.count("account") == 0)
        }
    }

    @Test func `cannot be guessed`() async throws {
        try await withScene { scene async throws in
            let code = try #require(try await scene.say("/link", by: "7", on: "a").code)
            for number in 0..<LinkRecord.mostGuesses {
                #expect(
                    try await scene.say("/link WRONG2\(number)A", by: "eve", on: "b").joined().contains("not known")
                )
            }

            #expect(try await scene.say("/link \(code)", by: "eve", on: "b").joined().contains("Too many"))
            #expect(try await scene.say("/link \(code)", by: "ann", on: "b").joined().contains("The 7"))
        }
    }

    @Test func `are made in private chats only`() async throws {
        try await withScene { scene async throws in
            #expect(try await scene.say("/link", by: "7", on: "a", in: "room").code == nil)
            let code = try #require(try await scene.say("/link", by: "7", on: "a").code)
            #expect(try await scene.say("/link \(code)", by: "ann", on: "b", in: "room").joined().contains("private"))
            #expect(try await scene.say("/link \(code)", by: "ann", on: "b").joined().contains("The 7"))
        }
    }

    @Test func `may be three, and a group’s contexts stay the group’s`() async throws {
        try await withScene { scene async throws in
            try await scene.say("ours", by: "7", on: "a", in: "room")
            try await scene.say("/save Ours", by: "7", on: "a", in: "room")
            try await link(scene)
            let code = try #require(try await scene.say("/link", by: "ann", on: "b").code)
            try await scene.say("/link \(code)", by: "x", on: "c")
            try await scene.say("/link yes", by: "x", on: "c")
            try await scene.say("on a", by: "7", on: "a")
            try await scene.say("/save Mine", by: "7", on: "a")

            #expect(try await scene.say("/contexts", by: "x", on: "c").joined().contains("“Mine”"))
            #expect(try await scene.say("/contexts", by: "x", on: "c").joined().contains("“Ours”") == false)
            #expect(
                try await scene.say("/load Mine", by: "7", on: "a", in: "room").joined().contains("no conversation")
            )
            try await scene.say("/unlink", by: "x", on: "c")
            #expect(try await scene.count("account") == 2)
        }
    }

    @Test func `do not let a private context follow a chat that becomes a group`() async throws {
        try await withScene { scene async throws in
            try await scene.say("private", by: "7", on: "a")
            let mine = try await scene.context(of: "7", on: "a")

            try await scene.say("now others read this", by: "7", on: "a", in: "dm-7")

            #expect(try await scene.context(of: "7", on: "a") != mine)
        }
    }
}
