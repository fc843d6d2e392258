import Basics
import Settings
import SurfaceKit
import Testing

@testable import State
@testable import Words

@Suite("Turn story")
struct TurnStoryTests {
    @Test(arguments: [TurnRecord.Ending.unreachable, .refused, .filesUnavailable])
    func `never says that an agent was asked that may have heard nothing`(ending: TurnRecord.Ending) {
        let story = TurnStory(turn(.ended, ending), replies: [])

        #expect(story.waited == nil)
        #expect(story.ran == nil)
        #expect(!story.english("/").contains("asked after") && !story.english("/").contains("It took"))
        #expect(!story.russian("/").contains("передано") && !story.russian("/").contains("заняло"))
    }

    @Test func `tells no times of a run that is not over`() {
        let story = TurnStory(turn(.sent), replies: [])

        #expect(story.waited == .seconds(2))
        #expect(story.firstText == nil)
        #expect(story.ran == nil)
        #expect(
            story.english("!")
                == "Your last message came at 00:00:01 UTC. The agent was asked after 2.0 s. It is with the agent now; "
                + "!stop ends that."
        )
    }

    @Test func `tells the times of an answer`() {
        let story = TurnStory(turn(.ended, .answered, text: 4_500), replies: [])

        #expect(
            story.english("/")
                == "Your last message came at 00:00:01 UTC. The agent was asked after 2.0 s. Its first words came 1.5 s "
                + "later. It took 6.0 s. It was answered."
        )
        #expect(
            story.russian("/")
                == "Последнее сообщение пришло в 00:00:01 UTC. Агенту оно передано через 2.0 с. Первые слова пришли ещё "
                + "через 1.5 с. Это заняло 6.0 с. Ответ дан."
        )
    }

    @Test func `does not know when a turn ended that a death of the host cut off`() {
        let story = TurnStory(turn(.ended, .cut), replies: [])

        #expect(story.waited == .seconds(2))
        #expect(story.ran == nil)
    }

    /// Accepted at 1 s, sent at 3 s, ended at 9 s.
    private func turn(_ state: TurnRecord.State, _ ending: TurnRecord.Ending? = nil, text: Int64? = nil) -> TurnRecord {
        TurnRecord(
            id: TurnID(1),
            conversation: ConversationID(1),
            context: ContextID(1),
            message: "m",
            sender: "p",
            question: Question(text: "", files: []),
            state: state,
            acceptedAt: Timestamp(milliseconds: 1_000),
            triedAt: Timestamp(milliseconds: 3_000),
            attempts: 1,
            sentAt: Timestamp(milliseconds: 3_000),
            textAt: text.map { Timestamp(milliseconds: $0) },
            endedAt: state == .ended ? Timestamp(milliseconds: 9_000) : nil,
            ending: ending,
            answer: nil
        )
    }
}
