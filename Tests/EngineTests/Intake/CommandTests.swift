import SurfaceKit
import Testing

@testable import Engine

@Suite("Commands in texts")
struct CommandTests {
    private func relevance(of text: String) -> IntakeRules.Relevance {
        let message = InboundMessage(id: "m", text: text, addressed: true)
        return IntakeRules.sample().relevance(of: message, in: .direct)
    }

    @Test(
        arguments: [
            ("/new", .new, ""), ("!NEW", .new, ""), ("/stop@bot", .stop, ""), ("!why  not ", .why, "not"),
        ] as [(String, ChatCommand, String)]
    )
    func `are read from the first word`(text: String, command: ChatCommand, argument: String) {
        guard case .command(let read, let rest) = relevance(of: text) else {
            Issue.record("“\(text)” is no command")
            return
        }
        #expect(read == command)
        #expect(rest == argument)
    }

    @Test(arguments: ["new", "/unknown", "!", "/ new", "say /new", ""])
    func `are nothing else that begins alike`(text: String) {
        guard case .question = relevance(of: text) else {
            Issue.record("“\(text)” is an ordinary message")
            return
        }
    }
}
