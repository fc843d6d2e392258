import Basics

/// An agent that answers by rules, without a model: for trying out everything that can happen between it and a chat.
///
/// The same question in the same conversation gets the same answer.
package struct SampleAgent: Sendable {
    /// What it can be asked for, by the words that ask for it; the first that fits counts.
    private static let skills: [(words: [String], play: @Sendable (inout AgentScript, AgentQuestion) -> Void)] = [
        (["fail halfway", "halfway"], failHalfway),
        (["hang up"], hangUp),
        (["fail", "error"], failAtOnce),
        (["silence", "silent"], { _, _ in }),
        (["slow"], answerSlowly),
        (["long"], answerAtLength),
        (["dice", "roll"], rollDice),
        (["weather"], tellWeather),
        (["chart", "picture", "image"], drawChart),
        (["table"], showTable),
        (["code"], showCode),
        (["did i ask", "remember", "history"], recall),
    ]

    package init() {}

    /// The whole answer, to be played beat by beat.
    func answer(to question: AgentQuestion) -> [AgentBeat] {
        var script = AgentScript(question)
        // What a model needs to think; the chat shows typing meanwhile.
        script.wait(.milliseconds(400))
        if let last = question.last, !last.files.isEmpty {
            Self.describe(last.files, &script)
        } else if let skill = Self.skill(for: question.last?.text ?? "") {
            skill(&script, question)
        } else {
            Self.greet(&script, question)
        }
        if !Self.hasEnded(script.beats) { script.finish() }
        return script.beats
    }

    private static func skill(for text: String) -> (@Sendable (inout AgentScript, AgentQuestion) -> Void)? {
        let words =
            " \(text.lowercased().map { $0.isLetter || $0.isNumber ? $0 : " " }.reduce(into: "") { $0.append($1) }) "
        return skills.first { skill in skill.words.contains { words.contains(" \($0) ") } }?.play
    }

    private static func hasEnded(_ beats: [AgentBeat]) -> Bool {
        switch beats.last {
        case .hangUp: true
        case .event(let event): event["type"]?.string == "RUN_ERROR"
        default: false
        }
    }

    // MARK: Trouble

    @Sendable private static func failAtOnce(_ script: inout AgentScript, _ question: AgentQuestion) {
        script.fail("the sample agent was asked to fail", code: "ASKED_TO_FAIL")
    }

    @Sendable private static func failHalfway(_ script: inout AgentScript, _ question: AgentQuestion) {
        script.beginToSay("I begin with good intentions and explain at some length what I am going to do, but then")
        script.fail("the sample agent was asked to fail halfway", code: "ASKED_TO_FAIL")
    }

    @Sendable private static func hangUp(_ script: inout AgentScript, _ question: AgentQuestion) {
        script.beginToSay("This answer is going to stop in the middle of a sentence, because the connection")
        script.hangUp()
    }

    @Sendable private static func answerSlowly(_ script: inout AgentScript, _ question: AgentQuestion) {
        script.wait(.seconds(6))
        script.say(
            """
            That took me six seconds before the first word, and I go on slowly. Meanwhile you can write the next \
            question: it waits for its turn. Or end this with the stop command; what I have said so far stays.
            """,
            pace: .milliseconds(350)
        )
    }
}
