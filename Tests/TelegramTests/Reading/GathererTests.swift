import Basics
import SurfaceKit
import Testing

@testable import Telegram

@Suite("Joining of messages")
struct GathererTests {
    private let start = ContinuousClock.now
    private let reader = UpdateReader(bot: Samples.bot)

    private func part(_ content: JSONValue, _ number: Int64, from: JSONValue = Samples.ann) throws -> MessagePart {
        var message = try #require(Samples.message(content, number: number).object)
        message["from"] = from
        guard case .part(let part)? = reader.read(Samples.update("message", .object(message))) else {
            throw NotAPart()
        }
        return part
    }

    private struct NotAPart: Error {}

    private func picture(_ number: Int64, caption: String? = nil, album: String = "A") throws -> MessagePart {
        var content = JSONObject()
        content["photo"] = [["file_id": .string("F\(number)"), "file_size": 1]]
        content["media_group_id"] = .string(album)
        content["caption"] = caption.map { .string($0) }
        return try part(.object(content), number)
    }

    private func message(_ ready: [Gatherer.Ready]) -> InboundMessage? {
        guard case .message(let message)? = ready.first?.event.content else { return nil }
        return message
    }

    @Test func `passes a short text on at once`() throws {
        var gatherer = Gatherer()

        let ready = gatherer.take(try part(["text": "hi"], 1), update: 1, at: start)

        #expect(message(ready)?.text == "hi")
        #expect(gatherer.nextDue == nil)
    }

    @Test func `makes one message of an album, with all captions`() throws {
        var gatherer = Gatherer()
        #expect(gatherer.take(try picture(1, caption: "first"), update: 1, at: start).isEmpty)
        #expect(gatherer.take(try picture(2), update: 2, at: start).isEmpty)
        #expect(gatherer.take(try picture(3, caption: "third"), update: 3, at: start).isEmpty)
        #expect(gatherer.heldUpdates == [1, 2, 3])
        #expect(gatherer.due(at: start + .milliseconds(500)).isEmpty)

        let ready = gatherer.due(at: start + Gatherer.albumQuiet)

        let message = try #require(self.message(ready))
        #expect(message.text == "first\nthird")
        #expect(message.files.map(\.reference.rawValue) == ["F1", "F2", "F3"])
        #expect(message.id == "1")
        #expect(ready.first?.updates == [1, 2, 3])
        #expect(gatherer.nextDue == nil)
    }

    @Test func `joins a long text that an app has cut`() throws {
        var gatherer = Gatherer()
        let long = String(repeating: "a", count: 4096)
        #expect(gatherer.take(try part(["text": .string(long)], 1), update: 1, at: start).isEmpty)

        let ready = gatherer.take(try part(["text": "the end"], 2), update: 2, at: start + .milliseconds(50))

        #expect(message(ready)?.text == long + "the end")
        #expect(gatherer.nextDue == nil)
    }

    @Test func `gives a long text up that nothing follows`() throws {
        var gatherer = Gatherer()
        let long = String(repeating: "a", count: 4096)
        #expect(gatherer.take(try part(["text": .string(long)], 1), update: 1, at: start).isEmpty)

        #expect(message(gatherer.due(at: start + Gatherer.textQuiet))?.text == long)
    }

    @Test func `keeps what one person sends in order`() throws {
        var gatherer = Gatherer()
        #expect(gatherer.take(try picture(1), update: 1, at: start).isEmpty)

        let ready = gatherer.take(try part(["text": "what is it?"], 2), update: 2, at: start)

        #expect(ready.map(\.updates) == [[1], [2]])
    }

    @Test func `does not join what two people send`() throws {
        var gatherer = Gatherer()
        let bob: JSONValue = ["id": 8, "first_name": "Bob"]
        let long: JSONValue = ["text": .string(String(repeating: "a", count: 4096))]
        #expect(gatherer.take(try part(long, 1), update: 1, at: start).isEmpty)

        let ready = gatherer.take(try part(["text": "me too"], 2, from: bob), update: 2, at: start)

        #expect(message(ready)?.text == "me too")
        #expect(gatherer.heldUpdates == [1])
    }

    @Test func `waits no longer than its patience, however often a piece comes`() throws {
        var gatherer = Gatherer()
        for number in 0..<20 {
            let now = start + .milliseconds(500) * number
            _ = gatherer.take(try picture(Int64(number + 1)), update: Int64(number), at: now)
            if !gatherer.due(at: now).isEmpty {
                #expect(now - start >= Gatherer.patience && now - start <= Gatherer.patience + .milliseconds(500))
                return
            }
        }
        Issue.record("an album without an end was held for ever")
    }
}
