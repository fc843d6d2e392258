import Basics
import HTTP
import Testing

@testable import Sandbox

@Suite("Playground board")
struct PlaygroundBoardTests {
    @Test func `tells what has changed, the newest value of each key, in order`() {
        let board = PlaygroundBoard()
        board.set("a", 1)
        board.set("b", 1)
        board.set("a", 2)
        board.set("b", 1)

        let all = board.changes(after: 0)
        board.set("b", nil)
        let later = board.changes(after: all.version)

        #expect(all.values.map(\.key) == ["b", "a"])
        #expect(all.values.map(\.value) == [1, 2])
        #expect(later.values.map(\.key) == ["b"])
        #expect(later.values.map(\.value) == [.null])
    }

    @Test func `waits for a change, and not for ever`() async {
        let board = PlaygroundBoard()
        board.set("a", 1)

        let nothing = await board.wait(after: 1, atMost: .milliseconds(10))
        async let change = board.wait(after: 1, atMost: .seconds(20))
        board.set("a", 2)

        #expect(nothing == false)
        #expect(await change)
    }

    @Test func `streams everything first, then each change`() async throws {
        let board = PlaygroundBoard()
        board.set("a", "first")
        var parser = ServerSentEventParser()
        var events: [ServerSentEvent] = []

        for await piece in board.events() {
            events += try parser.append(piece)
            if events.count == 2 { board.set("b", ["x": 1]) }
            if events.count == 3 { break }
        }

        #expect(events.map(\.name) == ["reset", "", ""])
        #expect(
            try events.dropFirst().map { try JSONValue(parsing: $0.data) } == [
                ["key": "a", "value": "first"], ["key": "b", "value": ["x": 1]],
            ]
        )
    }
}
