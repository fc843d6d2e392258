import Basics
import SurfaceConformance
import SurfaceKit
import Testing

@testable import Telegram

@Suite("Updates that wait for others")
struct UpdateDeskTests {
    private let reader = UpdateReader(bot: Samples.bot)

    private func picture(_ number: Int64) -> JSONValue {
        let content: JSONValue = ["photo": [["file_id": .string("F\(number)")]], "media_group_id": "A"]
        return Samples.update("message", Samples.message(content, number: number), id: number)
    }

    @Test func `keeps the pieces of an album over a restart`() async throws {
        let state = MemoryState()
        var desk = UpdateDesk(reader: reader)
        let held = desk.take([picture(1), picture(2)], at: .now)
        #expect(held.events.isEmpty)
        #expect(held.state.count == 2)
        state.apply(held.state)

        var restarted = UpdateDesk(reader: reader)
        let nothing = try await restarted.restore(from: state)
        #expect(nothing.events.isEmpty)
        state.apply(restarted.take([picture(3)], at: .now).state)
        let whole = restarted.due(at: .now + .seconds(10))
        state.apply(whole.state)

        guard case .message(let message)? = whole.events.first?.content else {
            Issue.record("the album is lost")
            return
        }
        #expect(message.files.count == 3)
        #expect(state.values(withPrefix: "").isEmpty)
    }

    @Test func `drops what is delivered again, and takes lower numbers`() {
        var desk = UpdateDesk(reader: reader)
        let first = Samples.update("message", Samples.message(["text": "a"], number: 1), id: 900_000)
        let lower = Samples.update("message", Samples.message(["text": "b"], number: 2), id: 17)

        #expect(desk.take([first], at: .now).events.count == 1)
        #expect(desk.take([first, lower], at: .now).events.map(\.id) == ["m7.2"])
    }
}
