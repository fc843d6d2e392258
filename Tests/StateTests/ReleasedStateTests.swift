import AgentLink
import Basics
import SurfaceKit
import Testing

@testable import State

/// Each row of each table of each released state, read by what the program reads it with.
@Suite("State of a released version")
struct ReleasedStateTests {
    @Test(arguments: ReleasedState.all)
    func `has something in every table, and each table is read here`(state: ReleasedState) throws {
        let read: Set = [
            "account", "admitted", "checkpoint", "context", "conversation", "last_context", "link_code", "link_guess",
            "link_offer", "migration", "pairing", "post", "seen", "staged", "surface_state", "transcript", "turn",
            "webhook",
        ]
        #expect(Set(state.tables).subtracting(read) == [])
        #expect(state.tables.count > 10)
        try withDatabase(from: state) { database in
            for table in state.tables {
                let rows = try database.run("SELECT 1 FROM \(table)")
                #expect(!rows.isEmpty, "\(table)")
            }
        }
    }

    @Test(arguments: ReleasedState.all)
    func `conversations and contexts are read`(state: ReleasedState) throws {
        try withDatabase(from: state) { database in
            for row in try database.run("SELECT id, surface, chat FROM conversation") {
                let conversation = try #require(try database.conversation(row.id("id", of: "row")))
                let siblings = try database.conversations(of: conversation.address.chat, on: conversation.surface)
                #expect(siblings.contains(conversation))
            }
            var owners: Set<String> = []
            for row in try database.run("SELECT id FROM context") {
                let context = try #require(try database.context(row.id("id", of: "row")))
                #expect(try database.contexts(of: context.owner).contains(context))
                owners.insert(String(context.owner.rawValue.prefix { $0 != ":" }))
            }
            #expect(owners == ["person", "group", "people"])
            let last = try #require(try database.run("SELECT max(id) AS id FROM context").first?.integer("id"))
            let person = ContextOwner.person("new", on: "telegram")
            let next = try database.makeContext(
                owner: person,
                origin: person,
                surface: "telegram",
                now: Timestamp(milliseconds: 0)
            )
            #expect(next.number > last)
        }
    }

    @Test(arguments: ReleasedState.all)
    func `turns are read, in every state and with almost every ending`(state: ReleasedState) throws {
        try withDatabase(from: state) { database in
            let turns = try database.run("SELECT id FROM turn")
                .compactMap { try database.turn($0.id("id", of: "row")) }

            #expect(Set(turns.map(\.state)) == Set(TurnRecord.State.allCases))
            #expect(Set(turns.compactMap(\.ending)) == Set(TurnRecord.Ending.allCases).subtracting([.tooLarge]))
            #expect(turns.allSatisfy { ($0.state == .ended) == ($0.ending != nil) })
            #expect(turns.contains { !$0.question.files.isEmpty } && turns.contains { $0.question.speaker != nil })
            #expect(turns.contains { $0.question.quote != nil })
        }
    }

    @Test(arguments: ReleasedState.all)
    func `messages are read, in every state and of every sort`(state: ReleasedState) throws {
        try withDatabase(from: state) { database in
            let posts = try database.run("SELECT id FROM post")
                .compactMap { try database.post($0.id("id", of: "row")) }

            #expect(Set(posts.map(\.state)) == [.preview, .draft, .due, .delivered, .failed])
            let texts = posts.compactMap { if case .text(let text)? = $0.content ?? $0.shown { text } else { nil } }
            #expect(Set(texts.map(\.format)) == [.markdown, .plain])
            #expect(Set(texts.map(\.isPublic)) == [true, false])
            let files = posts.compactMap { if case .file(let file)? = $0.content { file } else { nil } }
            #expect(files.contains { file in posts.contains { $0.state == .due && $0.content == .file(file) } })
            for file in files { #expect(state.hasFile(file.path), "\(file.path)") }
            for conversation in try database.conversationsOwed() {
                #expect(try database.nextOwed(in: conversation) != nil)
            }
        }
    }

    @Test(arguments: ReleasedState.all)
    func `transcripts and staged files are read`(state: ReleasedState) throws {
        try withDatabase(from: state) { database in
            let contexts = try database.run("SELECT DISTINCT context FROM transcript")
            let transcripts = try contexts.map { try database.transcript(of: $0.id("context", of: "row")) }
            let entries = transcripts.flatMap(\.entries)
            for transcript in transcripts { #expect(transcript.damaged.isEmpty) }
            #expect(entries.count == (try database.run("SELECT 1 FROM transcript").count))
            #expect(Set(entries.map(\.message.role)) == [.user, .assistant])
            let paths = entries.flatMap(\.message.parts).compactMap { part in
                if case .file(let file) = part, case .path(let path) = file.source { path } else { nil }
            }
            #expect(!paths.isEmpty)
            for path in paths { #expect(state.hasFile(path), "\(path)") }

            let people = try database.run("SELECT DISTINCT conversation, person FROM staged")
            let staged = try people.flatMap { row in
                try database.staged(
                    conversation: row.id("conversation", of: "row"),
                    person: PersonID(row.text("person", of: "row")),
                    since: Timestamp(milliseconds: 0)
                )
            }
            #expect(staged.count == (try database.run("SELECT 1 FROM staged").count))
            #expect(staged.contains { $0.album != nil } && staged.contains { $0.album == nil })
        }
    }

    @Test(arguments: ReleasedState.all)
    func `people are who they were`(state: ReleasedState) throws {
        try withDatabase(from: state) { database in
            let accounts = try database.run("SELECT * FROM account").map(Self.account)
            #expect(Set(try accounts.map(database.owner)).count == 1)
            for row in try database.run("SELECT * FROM admitted") {
                let account = try Self.account(row)
                #expect(try database.isApproved(account.person, on: account.surface))
            }
            #expect(try database.pairings().count == database.run("SELECT 1 FROM pairing").count)
            for row in try database.run("SELECT * FROM link_guess") {
                let asked = try row.time("at", of: "row")
                #expect(try database.linkGuesses(of: Self.account(row), now: asked) > 0)
            }
            for row in try database.run("SELECT * FROM link_code") {
                let given = try row.time("at", of: "row")
                let link = try #require(try database.takeLinkCode(row.text("code", of: "row"), now: given))
                #expect(try link.giver == Self.account(row))
            }
            for row in try database.run("SELECT * FROM link_offer") {
                let typed = Account(
                    surface: SurfaceID(try row.text("to_surface", of: "row")),
                    person: PersonID(try row.text("to_person", of: "row"))
                )
                let link = try #require(try database.takeLinkOffer(to: typed, now: row.time("at", of: "row")))
                #expect(try link.giver == Self.account(row))
            }
        }
    }

    private static func account(_ row: SQLRow) throws -> Account {
        Account(
            surface: SurfaceID(try row.text("surface", of: "row")),
            person: PersonID(try row.text("person", of: "row"))
        )
    }

    @Test(arguments: ReleasedState.all)
    func `a surface goes on where it was`(state: ReleasedState) throws {
        try withDatabase(from: state) { database in
            #expect(try database.webhookSecret(of: "max") == "dummy-webhook-secret")
            #expect(try !database.values(withPrefix: "room/", of: "matrix").isEmpty)
            #expect(try database.value("account", of: "matrix") != nil)
            for surface in ["matrix", "telegram"] as [SurfaceID] {
                #expect(try database.checkpoint(of: surface) != nil)
            }
            for row in try database.run("SELECT * FROM seen") {
                let event = EventID(try row.text("event", of: "row"))
                let surface = SurfaceID(try row.text("surface", of: "row"))
                #expect(try !database.takeEvent(event, of: surface, now: .now))
            }
        }
    }

    @Test(arguments: ReleasedState.all)
    func `what was cut off is ended, and what was shown of it stays`(state: ReleasedState) throws {
        try withDatabase(from: state) { database in
            let sent = try database.run("SELECT id FROM turn WHERE state = 'sent'").compactMap { row -> TurnID? in
                row.id("id")
            }
            let shown = try sent.flatMap(database.posts).filter { $0.state != .due }

            try database.endCutOffTurns(on: nil, now: .now)

            #expect(sent.count > 1 && shown.count > 1)
            for turn in sent { #expect(try database.turn(turn)?.ending == .cut) }
            for post in shown { #expect(try database.post(post.id)?.state == .due) }
        }
    }
}
