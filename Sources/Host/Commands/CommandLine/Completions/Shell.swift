/// A shell that can complete this program’s command lines.
enum Shell: String, Hashable, Sendable, CaseIterable {
    case bash, zsh, fish
}
