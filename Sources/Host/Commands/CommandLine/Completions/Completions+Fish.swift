extension Completions {
    /// For `surfaces completions fish | source`.
    var fish: String {
        let first = "complete -c surfaces -n __fish_use_subcommand"
        let all = commands.map { "\(first) -a \($0.name.rawValue) -d \(Self.quoted($0.summary))" }
        let names = commands.map(\.name.rawValue).joined(separator: " ")
        return """
            # Completion of surfaces for fish: surfaces completions fish | source
            complete -c surfaces -f
            \(all.joined(separator: "\n"))
            \(first) -a help -d 'Tell more about a command.'
            \(first) -l help -d 'Tell how to use it.'
            \(first) -l version -d 'Print the version.'
            complete -c surfaces -n '__fish_seen_subcommand_from help' -a \(Self.quoted(names))
            \(commands.flatMap(lines).joined(separator: "\n"))
            """
    }

    private func lines(_ command: CommandDescription) -> [String] {
        let begin = "complete -c surfaces -n '__fish_seen_subcommand_from \(command.name.rawValue)'"
        let words = command.firstOperands.joined(separator: " ")
        let operands =
            words.isEmpty
            ? []
            : [
                "complete -c surfaces -n '__fish_seen_subcommand_from \(command.name.rawValue); "
                    + "and not __fish_seen_subcommand_from \(words)' -a \(Self.quoted(words))"
            ]
        return operands + command.options.map { "\(begin) \(specification($0))" }
            + ["\(begin) -l help -d 'Tell more.'"]
    }

    private func specification(_ option: CommandDescription.Option) -> String {
        let name = "-l \(option.name.dropFirst(2)) -d \(Self.quoted(option.summary))"
        guard option.argument != nil else { return name }
        if option.values == .file { return "\(name) -r -F" }
        return "\(name) -x" + (words(option).map { " -a \(Self.quoted($0.joined(separator: " ")))" } ?? "")
    }

    private static func quoted(_ text: String) -> String {
        "'\(text.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
    }
}
