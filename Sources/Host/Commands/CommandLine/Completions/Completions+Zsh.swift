extension Completions {
    /// For a file called `_surfaces` in a folder of `$fpath`, or `source <(surfaces completions zsh)` after `compinit`.
    var zsh: String {
        """
        #compdef surfaces
        # Completion of surfaces for zsh: source <(surfaces completions zsh), after compinit
        _surfaces() {
          local -a commands
          commands=(
        \(commands.map { "    \(Self.described($0.name.rawValue, $0.summary))" }.joined(separator: "\n"))
            \(Self.described("help", "Tell more about a command."))
          )
          if (( CURRENT == 2 )); then
            if [[ $PREFIX = -* ]]; then
              _arguments '--help[Tell how to use it.]' '--version[Print the version.]'
            else
              _describe command commands
            fi
            return
          fi
          local command=$words[2]
          shift words
          (( CURRENT-- ))
          case $command in
        \(commands.map(branch).joined(separator: "\n"))
            help) _arguments \(Self.argument("1:command:(\(commands.map(\.name.rawValue).joined(separator: " ")))")) ;;
          esac
        }
        if [ "$funcstack[1]" = _surfaces ]; then _surfaces "$@"; else compdef _surfaces surfaces; fi
        """
    }

    private func branch(_ command: CommandDescription) -> String {
        var specifications = command.options.map(specification) + [Self.argument("--help[Tell more.]")]
        if !command.firstOperands.isEmpty {
            specifications.append(Self.argument("1:what:(\(command.firstOperands.joined(separator: " ")))"))
        }
        return "    \(command.name.rawValue)) _arguments \(specifications.joined(separator: " ")) ;;"
    }

    private func specification(_ option: CommandDescription.Option) -> String {
        let sign = option.repeats ? "*" : ""
        guard let argument = option.argument else {
            return Self.argument("\(sign)\(option.name)[\(Self.escaped(option.summary))]")
        }
        let values = option.values == .file ? "_files" : words(option).map { "(\($0.joined(separator: " ")))" } ?? " "
        return Self.argument(
            "\(sign)\(option.name)=[\(Self.escaped(option.summary))]:\(Self.escaped(argument)):\(values)"
        )
    }

    private static func argument(_ text: String) -> String { text.singleQuoted }

    private static func described(_ word: String, _ summary: String) -> String {
        "\(word):\(summary.replacing(":", with: "\\:"))".singleQuoted
    }

    /// What ends a description is written with a backslash.
    private static func escaped(_ text: String) -> String {
        text.map { "[]:\\".contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
