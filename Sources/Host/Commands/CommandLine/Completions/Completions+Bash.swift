extension Completions {
    /// For `source <(surfaces completions bash)`.
    var bash: String {
        """
        # Completion of surfaces for bash: source <(surfaces completions bash)
        _surfaces() {
          local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]-}
          COMPREPLY=()
          # Bash takes the = between an option and its value for a word.
          if [ "$word" = = ]; then
            word=
          elif [ "$before" = = ]; then
            before=${COMP_WORDS[COMP_CWORD-2]}
          fi
          if [ "$COMP_CWORD" -eq 1 ]; then
            mapfile -t COMPREPLY < <(compgen -W \((commands.map(\.name.rawValue) + ["help", "--help", "--version"]).joined(separator: " ").singleQuoted) -- "$word")
            return
          fi
          case "$command $before" in
        \(values)
          esac
          case "$command" in
        \(options)
            help) mapfile -t COMPREPLY < <(compgen -W \(commands.map(\.name.rawValue).joined(separator: " ").singleQuoted) -- "$word") ;;
          esac
        }
        complete -F _surfaces surfaces
        """
    }

    private var values: String {
        commands.flatMap { command in
            command.options.filter { $0.argument != nil }.map { option in
                let place = "    '\(command.name.rawValue) \(option.name)')"
                if option.values == .file {
                    return
                        "\(place) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); return ;;"
                }
                guard let words = words(option) else { return "\(place) return ;;" }
                return "\(place) \(Self.reply(words)); return ;;"
            }
        }.joined(separator: "\n")
    }

    private var options: String {
        commands.map { command in
            let options = command.options.map(\.name) + ["--help"]
            let operands = command.firstOperands
            guard !operands.isEmpty else { return "    \(command.name.rawValue)) \(Self.reply(options)) ;;" }
            return """
                    \(command.name.rawValue))
                      \(Self.reply(options))
                      [ "$COMP_CWORD" -ne 2 ] || \(Self.reply(operands + options)) ;;
                """
        }.joined(separator: "\n")
    }

    private static func reply(_ words: [String]) -> String {
        "mapfile -t COMPREPLY < <(compgen -W \(words.joined(separator: " ").singleQuoted) -- \"$word\")"
    }
}
