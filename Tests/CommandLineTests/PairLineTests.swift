import Basics
import SurfaceKit
import Testing

@testable import Commands
@testable import State

@Suite("Lines of pair list")
struct PairLineTests {
    @Test func `keeps a name from forging a line`() {
        let request = PairingRecord(
            code: "ABCD2345",
            surface: "a",
            person: "eve",
            name: "Eve\nFAKE2345 a mallory".onOneLine,
            conversation: ConversationID(1),
            askedAt: .now - .seconds(125)
        )

        #expect(PairCommand.line(of: request, now: .now) == "ABCD2345 a eve Eve FAKE2345 a mallory 2m")
    }
}
