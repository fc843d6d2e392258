/// What a person can type to the host instead of asking the agent.
///
/// Raw values are the words that people type, after `/` or `!`.
package enum ChatCommand: String, CaseIterable, Sendable {
    case start, help
    case new, reset, context, contexts, save, load, rename, delete
    case files, remove
    case stop, retry, why
    case link, unlink

    /// The command that `text` begins with, in any case; `/name@bot` counts too.
    package init?(leading text: String) {
        guard text.first == "/" || text.first == "!" else { return nil }
        let word = text.dropFirst().prefix { !$0.isWhitespace && $0 != "@" }
        self.init(rawValue: word.lowercased())
    }
}
