import Manifest

/// What a shell loads to complete this program’s command lines, made from the descriptions that the parser follows.
struct Completions: Sendable {
    let commands: [CommandDescription]
    /// Kinds of surfaces.
    let kinds: [String]

    init(_ catalog: SurfaceCatalog) {
        commands = CommandDescription.all(catalog).filter(\.name.isListed)
        kinds = catalog.kinds
    }

    func text(for shell: Shell) -> String {
        switch shell {
        case .bash: bash
        case .zsh: zsh
        case .fish: fish
        }
    }

    /// What may stand behind an option; `nil` when that cannot be told.
    func words(_ option: CommandDescription.Option) -> [String]? {
        switch option.values {
        case .any, .file: nil
        case .oneOf(let words): words
        case .kind: kinds
        }
    }
}

extension String {
    /// As one word of a shell, whatever it holds.
    var singleQuoted: String { "'\(replacing("'", with: "'\\''"))'" }
}
