import AgentLink
import State

/// A question with its files on this machine’s disk.
struct FetchedQuestion: Sendable {
    private let id: String
    private var text: String
    /// In their order; the names of those that could not be fetched stand in their place.
    private let files: [AgentPart]
    /// Names of the files that could not be fetched.
    let missing: [String]
    /// Names of the files that turned out to be too large.
    let tooLarge: [String]

    init(_ turn: TurnRecord, files: [AgentPart], missing: [String] = [], tooLarge: [String] = []) {
        id = "q\(turn.id)"
        text = QuestionText.compose(turn.question)
        self.files = files
        self.missing = missing
        self.tooLarge = tooLarge
    }

    /// As the agent is asked it.
    var message: AgentMessage {
        AgentMessage(id: id, role: .user, parts: (text.isEmpty ? [] : [.text(text)]) + files)
    }

    /// Its words were corrected while it waited.
    mutating func correct(to question: Question) { text = QuestionText.compose(question) }
}
