import Basics
import SurfaceKit
import Testing

@testable import State

@Suite("Retention")
struct RetentionTests {
    private static let retention = Retention(ended: .seconds(30 * 24 * 3600), staged: .seconds(3600))
    private static let later = Timestamp.now + .seconds(31 * 24 * 3600)

    @Test func `what ended long ago goes, also where people talk every day`() throws {
        try withDatabase { database in
            let scene = try Scene(database)
            let old = try scene.answeredTurn()
            let new = try scene.answeredTurn(at: Self.later)

            try database.forgetAll(Self.retention, now: Self.later)

            #expect(try database.turn(old) == nil)
            #expect(try database.posts(of: old).isEmpty)
            #expect(try database.transcript(of: scene.context).entries.map(\.turn) == [new, new])
            #expect(try database.context(scene.context) != nil)
            #expect(try database.conversation(scene.conversation)?.context == scene.context)
        }
    }

    @Test func `a context that a person named keeps what the agent is shown of it`() throws {
        try withDatabase { database in
            let scene = try Scene(database)
            let turn = try scene.answeredTurn()
            try database.setName("work", of: scene.context)

            try database.forgetAll(Self.retention, now: Self.later)

            #expect(try database.turn(turn) == nil)
            #expect(try database.transcript(of: scene.context).entries.map(\.turn) == [turn, turn])
        }
    }

    @Test func `what is owed, waits or is being asked stays, however old`() throws {
        try withDatabase { database in
            let scene = try Scene(database)
            let owed = try scene.turn()
            try database.owe(NewPost(.text(MessageText("hi")), in: scene.conversation, turn: owed), now: .now)
            try database.endTurn(owed, as: .answered, now: .now)
            let asked = try scene.turn()
            let record = try #require(try database.turn(asked))
            #expect(try database.beginTurn(record, now: .now))
            let waiting = try scene.turn()

            try database.forgetAll(Self.retention, now: Self.later)

            for turn in [owed, asked, waiting] { #expect(try database.turn(turn) != nil) }
            #expect(try database.nextOwed(in: scene.conversation) != nil)
        }
    }

    @Test func `each thread of a room goes when nothing has happened in it for long`() throws {
        try withDatabase { database in
            let quiet = try (0..<300).map { try Scene(database, thread: ThreadID("t\($0)")) }
            for scene in quiet { _ = try scene.answeredTurn() }
            let busy = try Scene(database, thread: "busy")
            _ = try busy.answeredTurn(at: Self.later)
            let room = try Scene(database)

            try database.forgetAll(Self.retention, now: Self.later)

            #expect(try database.conversationsLeft() == [busy.conversation, room.conversation])
            #expect(try database.run("SELECT id FROM context").count == 2)
        }
    }

    @Test func `a thread in which something is still to be said goes once it is said`() throws {
        try withDatabase { database in
            let scene = try Scene(database, thread: "t")
            try database.owe(NewPost(.text(MessageText("hi")), in: scene.conversation), now: .now)
            try database.forgetAll(Self.retention, now: Self.later)
            let post = try #require(try database.nextOwed(in: scene.conversation))
            try database.settle(post.id, as: .delivered, now: .now)

            try database.forgetAll(Self.retention, now: Self.later)

            #expect(try database.conversationsLeft().isEmpty)
        }
    }

    @Test func `an answer whose turn could not be read does not stay for ever`() throws {
        try withDatabase { database in
            let scene = try Scene(database)
            let turn = try scene.turn()
            let record = try #require(try database.turn(turn))
            #expect(try database.beginTurn(record, now: .now))
            let text = MessageContent.text(MessageText("hi"))
            _ = try database.beginPreview(page: 0, of: turn, showing: text, replyTo: nil, now: .now)
            try database.keepDraft(page: 1, of: turn, showing: text, now: .now)

            _ = try database.fail(.turn(turn), now: .now)

            let open = try database.posts(of: turn)
            #expect(open.map(\.state) == [.due])
            for post in open { try database.settle(post.id, as: .delivered, now: .now) }
            try database.forgetAll(Self.retention, now: Self.later)
            #expect(try database.run("SELECT 1 FROM turn").isEmpty)
        }
    }

    @Test func `what a turn showed before it ended without a word does not stay for ever`() throws {
        try withDatabase { database in
            let scene = try Scene(database)
            let turn = try scene.turn()
            let record = try #require(try database.turn(turn))
            #expect(try database.beginTurn(record, now: .now))
            let text = MessageContent.text(MessageText("hi"))
            _ = try database.beginPreview(page: 0, of: turn, showing: text, replyTo: nil, now: .now)
            try database.endTurn(turn, as: .gone, now: .now)

            try database.forgetAll(Self.retention, now: Self.later)

            #expect(try database.rowCount() == 0)
        }
    }

    @Test func `one step looks at few rows, and all steps together at all`() throws {
        try withDatabase { database in
            for number in 0..<1000 { _ = try database.takeEvent(EventID("\(number)"), of: "a", now: .now) }
            let scene = try Scene(database)
            for _ in 0..<450 { _ = try scene.answeredTurn() }

            var steps = 0
            var most = 0
            var place: ForgettingPlace? = .start
            while let step = place {
                let before = try database.rowCount()
                place = try database.forget(Self.retention, from: step, now: Self.later)
                most = max(most, before - (try database.rowCount()))
                steps += 1
            }

            // A turn, its post, and two messages in the transcript.
            #expect(most <= 100 * 4)
            #expect(steps > 1000 / 100 + 450 / 100)
            #expect(try database.rowCount() == 0)
        }
    }
}

extension Database {
    fileprivate func forgetAll(_ retention: Retention, now: Timestamp) throws {
        var place: ForgettingPlace? = .start
        while let step = place { place = try forget(retention, from: step, now: now) }
    }

    /// Rows of the tables that grow with each message.
    fileprivate func rowCount() throws -> Int {
        try ["seen", "turn", "post", "transcript"].reduce(0) { try $0 + run("SELECT 1 FROM \($1)").count }
    }

    fileprivate func conversationsLeft() throws -> Set<ConversationID> {
        Set(try run("SELECT id FROM conversation").compactMap { $0.id("id") })
    }
}
