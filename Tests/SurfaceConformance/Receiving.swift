import SurfaceKit
import Synchronization
import Testing

/// The clauses about what comes in.
struct Receiving<Rig: SurfaceRig> {
    let rig: Rig
    let surface: Rig.Adapter
    let inbox: RecordingInbox

    init(_ rig: Rig) {
        self.rig = rig
        surface = rig.makeSurface()
        inbox = RecordingInbox(state: rig.state)
    }

    func deliversInOrder() async throws {
        try await inbox.catchUp(with: surface)
        let said = ["one", "two", "three"]
        for text in said { try await rig.say(text) }

        try await inbox.receive(from: surface) { await $0.messages.count >= said.count }

        let events = await inbox.events
        #expect(await inbox.texts == said)
        #expect(events.allSatisfy { $0.conversation == rig.conversation && $0.chatKind == .direct })
        #expect(events.allSatisfy { $0.sender.id == rig.person && !$0.sender.name.isEmpty })
        #expect(await inbox.messages.allSatisfy(\.addressed))
    }

    func deliversAgainWhatWasNotAccepted() async throws {
        try await inbox.catchUp(with: surface)
        let checkpoint = await inbox.checkpoint
        try await rig.say("one")
        let broken = RecordingInbox(state: rig.state, from: checkpoint, refusing: true)

        await #expect(throws: SurfaceError.self) {
            try await broken.receive(from: surface) { await !$0.events.isEmpty }
        }
        #expect(await !broken.refused.isEmpty)
        #expect(await broken.checkpoint == checkpoint)
        try await inbox.receive(from: surface) { await !$0.messages.isEmpty }

        #expect(await inbox.texts == ["one"])
    }

    func goesOnAfterTheCheckpoint() async throws {
        try await inbox.catchUp(with: surface)
        try await rig.say("before")
        try await inbox.receive(from: surface) { await !$0.messages.isEmpty }
        let restarted = RecordingInbox(state: rig.state, from: await inbox.checkpoint)
        try await rig.say("while away")

        try await restarted.receive(from: rig.makeSurface()) { await !$0.messages.isEmpty }

        #expect(await restarted.texts == ["while away"])
        #expect(await restarted.events.allSatisfy { $0.chatKind == .direct })
    }

    func hidesItsOwnMessages() async throws {
        try await inbox.catchUp(with: surface)
        let sent = try await surface.perform(.send(.text("mine"), to: rig.conversation, replyTo: nil), as: "own-1")
        let message = try #require(sent.message)
        _ = try await surface.perform(.edit(message, .text("still mine"), in: rig.conversation), as: "own-2")
        try await rig.say("yours")

        try await inbox.receive(from: surface) { await !$0.events.isEmpty }

        #expect(await inbox.events.allSatisfy { $0.sender.id == rig.person })
        #expect(await inbox.texts == ["yours"])
    }

    func stopsWhenCancelled() async throws {
        // The inbox cancels a receive call that waits for news, and waits for its end.
        try await inbox.catchUp(with: surface)
        try await inbox.catchUp(with: surface)
    }

    func reportsEdits() async throws {
        try await inbox.catchUp(with: surface)
        let message = try await rig.say("first")
        try await rig.change(message, to: "second")

        try await inbox.receive(from: surface) { inbox in
            await inbox.events.contains { if case .edited = $0.content { true } else { false } }
        }

        let events = await inbox.events
        #expect(events.last?.content == .edited(message, text: "second"))
        #expect(await inbox.messages.count <= 1)
    }

    func reportsWithdrawals() async throws {
        try await inbox.catchUp(with: surface)
        let message = try await rig.say("oops")
        try await inbox.receive(from: surface) { await !$0.messages.isEmpty }
        try await rig.withdraw(message)

        try await inbox.receive(from: surface) { await $0.events.count > 1 }

        #expect(await inbox.events.last?.content == .deleted(message))
    }

    func keepsThreads() async throws {
        try await inbox.catchUp(with: surface)
        guard let thread = try await rig.sayInThread("in the thread") else { return }

        try await inbox.receive(from: surface) { await $0.texts.contains("in the thread") }

        let event = try #require(await inbox.events.last)
        #expect(event.conversation == thread)
        let answer = OutboundOperation.send(.text("here too"), to: event.conversation, replyTo: nil)
        _ = try await surface.perform(answer, as: "thread-1")
        #expect(try await rig.transcript().last?.conversation == thread)
    }

    func deliversFiles() async throws {
        try await inbox.catchUp(with: surface)
        let sample = SampleFile.everyByte
        try await rig.send(sample, caption: nil)
        try await rig.send(sample, caption: "what is this?")

        try await inbox.receive(from: surface) { await $0.messages.count >= 2 }

        #expect(await inbox.texts == ["", "what is this?"])
        for message in await inbox.messages {
            let file = try #require(message.files.first)
            #expect(file.name == sample.name)
            #expect(file.kind == sample.kind)
            let bytes = Mutex<[UInt8]>([])
            try await surface.fetch(file.reference, limit: sample.bytes.count) { piece throws(SurfaceError) in
                bytes.withLock { $0 += piece }
            }
            #expect(bytes.withLock { $0 } == sample.bytes)
        }
    }

    func refusesLargeFiles() async throws {
        try await inbox.catchUp(with: surface)
        let sample = SampleFile.everyByte
        try await rig.send(sample, caption: nil)
        try await inbox.receive(from: surface) { await !$0.messages.isEmpty }
        let file = try #require(await inbox.messages.first?.files.first)
        let received = Mutex(0)

        let error = await #expect(throws: SurfaceError.self) {
            try await surface.fetch(file.reference, limit: sample.bytes.count - 1) { piece throws(SurfaceError) in
                received.withLock { $0 += piece.count }
            }
        }

        #expect(error?.refusal == .tooLarge)
        #expect(received.withLock { $0 } < sample.bytes.count)
    }
}

extension SampleFile {
    /// Every byte there is, in runs that no text encoding survives.
    static let everyByte = SampleFile(
        name: "every byte.bin",
        mimeType: "application/octet-stream",
        kind: .document,
        bytes: (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 256) }
    )
}

extension SurfaceError {
    package var refusal: Refusal? { if case .refused(let refusal, _) = self { refusal } else { nil } }
}

extension MessageContent {
    static func text(_ source: String) -> MessageContent { .text(MessageText(source)) }
    static func plain(_ source: String) -> MessageContent { .text(MessageText(source, format: .plain)) }
}
