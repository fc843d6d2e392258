import AgentLink
import Basics
import SurfaceKit

@testable import State

/// Calls everything that the contract has, so that every statement has been run once.
extension Database {
    func callEverything() throws {
        try OutgoingNumbers.advance(in: self, now: .now)
        try callSurfaces()
        try callContexts()
        try callConversations()
        try callTurns()
        try callPosts()
        try callPeople()
        try callDamage()
        var place: ForgettingPlace? = .start
        while let step = place { place = try forget(Retention(ended: .zero, staged: .zero), from: step, now: .distant) }
        try proveWritable()
        // The clock was set back.
        try OutgoingNumbers.advance(in: self, now: Timestamp(milliseconds: 0))
        try nested {}
    }

    private func callSurfaces() throws {
        try setCheckpoint(Checkpoint("1"), of: "a")
        try setCheckpoint(nil, of: "a")
        _ = try checkpoint(of: "a")
        try apply([StateChange(key: "k", value: "v"), StateChange(key: "l", value: nil)], of: "a")
        _ = try value("k", of: "a")
        _ = try values(withPrefix: "k", of: "a")
        _ = try values(withPrefix: "", of: "a")
        _ = try makeWebhookSecret(of: "a")
        _ = try takeEvent("e", of: "a", now: .now)
        var random = RandomValues(seed: 1)
        try setAside(random.event(), of: "a", reason: "", now: .now)
        _ = try eventsSetAside()
        _ = try queues(now: .now)
        _ = try dataVersion()
    }

    private func callContexts() throws {
        let turn = try turnInProgress()
        let message = AgentMessage(id: "q", role: .assistant, parts: [.text("hi")])
        try addToTranscript([message], of: turn.id, to: turn.context)
        let old = try transcript(of: turn.context)
        let changed = TranscriptEntry(turn: turn.id, message: AgentMessage(id: "q", role: .assistant, parts: []))
        try replaceTranscript(of: turn.context, by: [changed], instead: old.entries)
        _ = try transcriptSize(of: turn.context)
        let post = try keptPost(of: turn)
        try noteUndelivered(post, of: turn.id)
        try replaceTranscript(of: turn.context, by: [], instead: old.entries)
        try setName("work", of: turn.context)
        _ = try context(turn.context)
        _ = try contexts(of: .person("ann", on: "a"))
        _ = try isInUse(turn.context)
        _ = try contextOverviews()
        let next = try makeContext(owner: .group("g", on: "a"), origin: .group("g", on: "a"), surface: "a", now: .now)
        try forgetContext(turn.context, successor: next)
    }

    private func callConversations() throws {
        let turn = try sampleTurn()
        let conversation = try turnThatIs(turn).conversation
        try setToldUnreadable(conversation)
        try setUndelivered(true, in: conversation)
        _ = try self.conversation(conversation)
        try noteList(of: [ContextID(1)], shownTo: "ann", in: conversation)
        _ = try shownList(to: "ann", in: conversation)
        var random = RandomValues(seed: 2)
        let message = InboundMessage(id: "f", text: "", files: [random.file()], addressed: true)
        try stage(message, in: conversation, person: "ann", now: .now)
        for file in try staged(conversation: conversation, person: "ann", since: .now - .seconds(9)) {
            try unstage(file.id)
        }
        try unstage("f", in: conversation)
        try clearStaged(conversation: conversation, person: "ann")
        try moveChat("room", to: "fresh", on: "a")
        _ = try self.conversation(on: "a", at: ConversationAddress(chat: "taken"), kind: .group, language: nil)
        try moveChat("fresh", to: "taken", on: "a")
        _ = try sampleTurn()
    }

    private func callTurns() throws {
        let turn = try turnInProgress()
        try noteFirstText(of: turn.id, at: .now)
        try noteAnswer("a", of: turn.id)
        _ = try surfacesAhead(of: turn)
        _ = try lastTurn(in: turn.conversation)
        _ = try lastTurn(in: turn.conversation, of: turn.context)
        _ = try self.turn(of: "m", in: turn.conversation)
        _ = try currentTurn(of: turn.context)
        try noteFailedAttempt(at: turn, now: .now)
        _ = try currentTurn(in: turn.conversation)
        _ = try nextTurn(in: turn.conversation)
        _ = try conversationsWithWaitingTurns()
        _ = try waitingTurns()
        try setQuestion(turn.question, of: turn.id)
        _ = try endWaitingTurns(in: turn.conversation, as: .stopped, now: .now)
        try endTurn(turn.id, as: .answered, now: .now)
        try endCutOffTurns(on: nil, now: .now)
        _ = try untoldTurns(on: "a")
        try noteTold(turn.id)
        _ = try neededFiles(of: turn.id)
    }

    private func callPosts() throws {
        let turn = try turnInProgress()
        let text = MessageContent.text(MessageText("hi"))
        _ = try beginPreview(page: 0, of: turn.id, showing: text, replyTo: nil, now: .now)
        try keepDraft(page: 1, of: turn.id, showing: text, now: .now)
        try forgetDrafts(of: turn.id)
        _ = try keepPreviews(of: turn.id, now: .now)
        let post = try keptPost(of: turn)
        try noteShown(text, as: "m", of: post.id)
        try setForm(.simple, of: post.id)
        try countAttempt(at: post.id)
        try renew(post.id, generation: 1)
        _ = try nextOwed(in: turn.conversation)
        _ = try conversationsOwed()
        _ = try self.post(post.id)
        _ = try postsOwed()
        _ = try surfacesOwed(before: .now)
        _ = try giveUpPosts(on: "a", dueBefore: .now, now: .now)
        _ = try dropUnsentPages(in: turn.conversation, now: .now)
        _ = try dropPosts(in: turn.conversation, now: .now)
        try settle(post.id, as: .delivered, now: .now)
    }

    private func callPeople() throws {
        let conversation = try turnThatIs(sampleTurn()).conversation
        let (ann, bob) = (Account(surface: "a", person: "ann"), Account(surface: "b", person: "bob"))
        _ = try owner(of: ann)
        let code = try makeLinkCode(for: ann, called: "Ann", in: conversation, now: .now)
        if let link = try takeLinkCode(code, now: .now) { try offerLink(link, to: bob, now: .now) }
        _ = try takeLinkOffer(to: bob, now: .now)
        try noteLinkGuess(of: bob, now: .now)
        _ = try linkGuesses(of: bob, now: .now)
        try link(ann, bob)
        _ = try unlink(bob)
        let pairing = try openPairing(of: Sender(id: "eve", name: "Eve"), on: "a", in: conversation, now: .now)
        _ = try pairings()
        if let pairing { _ = try approvePairing(pairing, now: .now) }
        _ = try isApproved("eve", on: "a")
        _ = try revokeApproval(of: "eve", on: "a", now: .now)
    }

    private func callDamage() throws {
        let turn = try turnInProgress()
        let post = try keptPost(of: turn)
        let rows: [DamagedRow] = [
            .post(post.id), .turn(turn.id), .context(turn.context), .conversation(turn.conversation),
        ]
        for row in rows {
            _ = try fail(row, now: .now)
        }
        // A thread whose context nobody used for long.
        let thread = try conversation(
            on: "a",
            at: ConversationAddress(chat: "room", thread: "t"),
            kind: .group,
            language: nil
        )
        let room = ContextOwner.group("room", on: "a")
        try setContext(makeContext(owner: room, origin: room, surface: "a", now: .now), of: thread.id)
        try addToTranscript([AgentMessage(id: "q", role: .user, parts: [])], of: turn.id, to: turn.context)
    }

    // MARK: Things to call it with

    private func turnThatIs(_ id: TurnID) throws -> TurnRecord {
        guard let turn = try turn(id) else { throw StateError.failed(reason: "no turn") }
        return turn
    }

    private func turnInProgress() throws -> TurnRecord {
        let turn = try turnThatIs(sampleTurn())
        _ = try beginTurn(turn, now: .now)
        return try turnThatIs(turn.id)
    }

    private func keptPost(of turn: TurnRecord) throws -> PostRecord {
        try owe(NewPost(.text(MessageText("hi")), in: turn.conversation, turn: turn.id), now: .now)
        guard let post = try posts(of: turn.id).last else { throw StateError.failed(reason: "no post") }
        return post
    }
}

extension Timestamp {
    /// Long after everything.
    static var distant: Timestamp { .now + .seconds(1000 * 24 * 3600) }
}
