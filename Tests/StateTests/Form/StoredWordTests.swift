import AgentLink
import SurfaceKit
import Testing

@testable import State

@Suite("Stored words")
struct StoredWordTests {
    /// What has been written: a word that is missing here can no longer be read.
    @Test func `every word that was released is still read`() {
        #expect(words(of: TurnRecord.State.self) == ["waiting", "sent", "ended"])
        #expect(
            words(of: TurnRecord.Ending.self) == [
                "answered", "empty", "waitsForConfirmation", "agentCancelled", "failed", "truncated", "timedOut",
                "tooLarge", "unreachable", "refused", "filesUnavailable", "stopped", "withdrawn", "cut", "gone",
            ]
        )
        #expect(words(of: PostRecord.State.self) == ["preview", "draft", "due", "delivered", "failed", "dropped"])
        #expect(words(of: ChatKind.self) == ["direct", "group"])
        #expect(words(of: FileKind.self) == ["image", "audio", "video", "document"])
        #expect(words(of: MessageText.Format.self) == ["markdown", "plain"])
        #expect(words(of: UnreadableReason.self) == ["encrypted"])
        #expect(words(of: AgentMessage.Role.self) == ["user", "assistant"])
        #expect(words(of: AgentFile.Kind.self) == ["image", "audio", "video", "document"])
        #expect(words(of: ContextOwner.Sort.self) == ["person", "group", "people"])
    }

    private func words<Word: StoredWord>(of type: Word.Type) -> [String] { type.allCases.map(\.word) }

    @Test(arguments: ["", "Waiting", "waiting ", "gone"])
    func `an unknown word is refused`(word: String) {
        #expect(throws: StoredFormError(value: "state of a turn", fault: .unknownWord)) {
            try TurnRecord.State(stored: word)
        }
    }

    @Test func `a word that is missing is refused`() {
        #expect(throws: StoredFormError(value: "state of a turn", fault: .missing)) {
            try TurnRecord.State(stored: nil)
        }
    }

    @Test(arguments: ["person:matrix:@ann:example.org", "group:telegram:-100", "people:abc"])
    func `an owner is read as it was written`(owner: String) throws {
        #expect(try ContextOwner(stored: owner).rawValue == owner)
    }

    @Test(arguments: [nil, "", "person", "person:", "person:matrix", "robot:matrix:r2"])
    func `what is no owner is refused`(owner: String?) {
        #expect(throws: StoredFormError.self) { try ContextOwner(stored: owner) }
    }
}
