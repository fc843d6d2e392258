import State
import SurfaceKit

/// The words of a question as the agent reads them.
enum QuestionText {
    /// In groups with the speaker’s name; with what it replies to, quoted.
    static func compose(_ question: Question) -> String {
        var text = question.text
        if let speaker = question.speaker { text = text.isEmpty ? "\(speaker):" : "\(speaker): \(text)" }
        guard let quote = question.quote, !quote.text.isEmpty else { return text }
        let lines = quote.text.split(separator: "\n", omittingEmptySubsequences: false).map { "> \($0)" }
        let head = quote.author.map { "> \($0):\n" } ?? ""
        return head + lines.joined(separator: "\n") + (text.isEmpty ? "" : "\n\n\(text)")
    }
}
