import Basics
import State
import SurfaceKit
import Testing

@testable import Engine

@Suite("Growing reply")
struct GrowingReplyTests {
    private let reply = GrowingReply(
        turn: TurnID(1),
        replyTo: nil,
        limit: Capabilities.TextLimit(maximum: 1000) { $0.source.count },
        workers: LayoutWorkers(OperatingSystem())
    )

    @Test func `keeps the agent’s own names of its messages, and joins them by an empty line`() {
        #expect(reply.append(index: 0, message: "first", delta: "Hel", at: .now))
        #expect(!reply.append(index: 1, message: "second", delta: "You", at: .now))
        #expect(!reply.append(index: 0, message: "first", delta: "lo", at: .now))

        #expect(reply.messages.map(\.id) == ["first", "second"])
        #expect(reply.messages.map(\.text) == ["Hello", "You"])
        #expect(reply.text == "Hello\n\nYou")
    }

    @Test func `has said nothing while nothing of it can be seen`() {
        #expect(!reply.append(index: 0, message: "m", delta: " \n", at: .now))
        #expect(reply.isEmpty)
        #expect(reply.append(index: 0, message: "m", delta: "x", at: .now))
        #expect(!reply.isEmpty)
    }

    @Test func `is cut at its largest size, and says so`() {
        let piece = String(repeating: "x", count: GrowingReply.largest / 4)

        for _ in 0..<4 { _ = reply.append(index: 0, message: "m", delta: piece, at: .now) }
        #expect(!reply.isCut, "what fits just so is whole")
        _ = reply.append(index: 1, message: "n", delta: "more", at: .now)
        _ = reply.append(index: 2, message: "o", delta: "and more", at: .now)

        #expect(reply.isCut)
        #expect(reply.bytes == GrowingReply.largest)
        #expect(reply.messages.map(\.id) == ["m"])
    }

    @Test(arguments: [1, 2, 3, 4])
    func `is cut between characters`(room: Int) {
        _ = reply.append(
            index: 0,
            message: "m",
            delta: String(repeating: "x", count: GrowingReply.largest - room),
            at: .now
        )

        // Four bytes each.
        _ = reply.append(index: 0, message: "m", delta: "🙂🙂", at: .now)

        #expect(reply.isCut)
        #expect(reply.text.utf8.count == GrowingReply.largest - room + (room == 4 ? 4 : 0))
        #expect(!reply.text.contains("\u{FFFD}"))
    }

    @Test func `is shown as few messages, and says that there is more`() async {
        for index in 0...GrowingReply.mostPages {
            let paragraph = String(repeating: "word ", count: 190)
            _ = reply.append(index: index, message: "m\(index)", delta: paragraph, at: .now)
        }

        let pages = await reply.pages()

        #expect(pages.texts.count == GrowingReply.mostPages)
        #expect(pages.hasMore)
        #expect(reply.text.contains(reply.messages.last?.text ?? "-"), "all of it is kept")
    }

    @Test(.timeLimit(.minutes(1)))
    func `tells when some of it can be seen`() async {
        async let shown: Void = reply.untilShown()
        reply.noteShown()
        await shown
    }
}
