import Basics
import SurfaceKit
import Testing

@testable import State

@Suite("Stored rows")
struct StoredRowTests {
    @Test func `a message that was owed before texts could be public is still owed`() throws {
        try withDatabase { database in
            let turn = try database.sampleTurn()
            let conversation = try #require(try database.turn(turn)).conversation
            try database.owe(NewPost(.text(MessageText("Hi")), in: conversation), now: .now)
            let older = #"{"text":{"_0":{"source":"Hi","format":"markdown"}}}"#
            try database.run("UPDATE post SET content = ?", .text(older))

            let post = try database.nextOwed(in: conversation)

            #expect(post?.content == .text(MessageText("Hi")))
        }
    }

    @Test func `a row with a word that nobody wrote is refused, not passed over`() throws {
        try withDatabase { database in
            let turn = try database.sampleTurn()
            try database.run("UPDATE turn SET ending = 'melted'")

            let reason = StoredFormError(value: "ending of a turn", fault: .unknownWord).description
            #expect(throws: StateError.damaged(.turn(turn), reason: reason)) { try database.turn(turn) }
        }
    }

    @Test func `an event that is set aside is kept whole`() throws {
        try withDatabase { database in
            var random = RandomValues(seed: 6)
            for _ in 0..<50 {
                let event = random.event()
                try database.run("DELETE FROM set_aside")
                try database.setAside(event, of: "a", reason: "", now: .now)

                let stored = try database.run("SELECT content FROM set_aside").first?.text("content")

                #expect(try InboundEvent(stored: stored) == event)
            }
        }
    }
}
