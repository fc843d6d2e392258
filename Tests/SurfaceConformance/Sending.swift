import Foundation
import SurfaceKit
import Testing

/// The clauses about what goes out.
struct Sending<Rig: SurfaceRig> {
    let rig: Rig
    let surface: Rig.Adapter

    init(_ rig: Rig) {
        self.rig = rig
        surface = rig.makeSurface()
    }

    func sends() async throws {
        let message = try await send(.text("hi"))
        #expect(try await texts() == ["hi"])

        _ = try await surface.perform(.edit(message, .text("hello"), in: rig.conversation), as: "edit-1")
        #expect(try await texts() == ["hello"])
        _ = try await surface.perform(.edit(message, .text("hello **there**"), in: rig.conversation), as: "edit-2")
        #expect(try await texts() == ["hello there"])

        _ = try await surface.perform(.delete(message, in: rig.conversation), as: "delete-1")
        #expect(try await texts() == [])
    }

    func answers() async throws {
        let question = try await rig.say("why?")

        _ = try await surface.perform(.send(.text("because"), to: rig.conversation, replyTo: question), as: "answer-1")

        #expect(try await rig.transcript().map(\.replyTo) == [question])
    }

    func sendsFiles() async throws {
        let sample = SampleFile.everyByte
        let path = FileManager.default.temporaryDirectory.appending(path: "conformance-\(UUID().uuidString)").path
        try Data(sample.bytes).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = OutboundFile(
            path: path,
            kind: sample.kind,
            name: sample.name,
            mimeType: sample.mimeType,
            size: sample.bytes.count
        )

        _ = try await send(.file(file))

        #expect(try await rig.transcript().map(\.file) == [sample.bytes])
    }

    func carriesAnyText() async throws {
        let inbox = RecordingInbox(state: rig.state)
        try await inbox.catchUp(with: surface)
        for text in Self.difficult { try await rig.say(text) }
        try await inbox.receive(from: surface) { await $0.messages.count >= Self.difficult.count }
        #expect(await inbox.texts == Self.difficult)

        for (index, text) in Self.difficult.enumerated() {
            _ = try await send(.plain(text), as: OperationID("any-\(index)"))
        }

        #expect(try await texts() == Self.difficult)
    }

    func takesTheLongestText() async throws {
        // Quotation marks, tags and letters of two bytes: what grows most when it is packed.
        for (index, unit) in ["a", "\"<&>\\", "**ж** "].enumerated() {
            let text = longest(of: unit)
            let message = try await send(.text(text), as: OperationID("long-\(index)"))
            _ = try await surface.perform(
                .edit(message, .text(text), in: rig.conversation),
                as: OperationID("long-edit-\(index)")
            )
        }
        #expect(try await rig.transcript().count == 3)
    }

    func repeatsHarmlessly() async throws {
        let first = try await send(.text("once"), as: "same")
        guard surface.capabilities.repetition == .harmless else {
            #expect(try await texts() == ["once"])
            return
        }
        let second = try await send(.text("once"), as: "same")
        let afterRestart = try await rig.makeSurface().perform(
            .send(.text("once"), to: rig.conversation, replyTo: nil),
            as: "same"
        )

        #expect(first == second)
        #expect(afterRestart.message == first)
        #expect(try await texts() == ["once"])
    }

    func showsTyping() async throws {
        let question = try await rig.say("are you there?")
        _ = try await surface.perform(.markRead(question, in: rig.conversation), as: "read-1")
        _ = try await surface.perform(.typing(true, in: rig.conversation), as: "typing-1")
        _ = try await surface.perform(.typing(false, in: rig.conversation), as: "typing-2")
    }

    private func send(_ content: MessageContent, as id: OperationID = "send-1") async throws -> MessageID {
        let receipt = try await surface.perform(.send(content, to: rig.conversation, replyTo: nil), as: id)
        return try #require(receipt.message)
    }

    private func texts() async throws -> [String] { try await rig.transcript().map(\.text) }

    /// As many of `unit` as one message takes.
    private func longest(of unit: String) -> String {
        let limit = surface.capabilities.text
        func fits(_ count: Int) -> Bool {
            limit.measure(MessageText(String(repeating: unit, count: count))) <= limit.maximum
        }
        var (fitting, tooMany) = (1, limit.maximum + 1)
        while tooMany - fitting > 1 {
            let middle = (fitting + tooMany) / 2
            if fits(middle) { fitting = middle } else { tooMany = middle }
        }
        return String(repeating: unit, count: fitting)
    }

    private static var difficult: [String] {
        [
            "Grüße, 你好, مرحبا, שלום", "👩‍👩‍👧‍👦 🇺🇳 e\u{301}", "<b>not bold</b> &amp; *not* _italic_ `code`",
            "line one\nline two", "\"quotes\" and \\backslashes\\", "a\u{202E}b\u{2066}c",
            String(repeating: "long ", count: 700) + "end",
        ]
    }
}
