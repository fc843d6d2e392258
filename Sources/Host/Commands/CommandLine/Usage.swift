import Manifest

/// The texts of `--help`.
enum Usage {
    static func text(of command: CommandName?, _ catalog: SurfaceCatalog) -> String {
        command.flatMap { CommandDescription.of($0, catalog) }.map(text) ?? program(catalog)
    }

    private static func program(_ catalog: SurfaceCatalog) -> String {
        """
        Puts one AI agent on several messengers.

        Usage: surfaces COMMAND [OPTIONS]

        \(table(CommandDescription.all(catalog).filter(\.name.isListed).map { ($0.name.rawValue, $0.summary) }))

        surfaces COMMAND --help tells more; surfaces --version prints the version.

        The agent’s address stands in the manifest or in AGENT_BASE_URL. LOG_LEVEL is debug, info, warning or error;
        LOG_FORMAT is text or json.
        """
    }

    private static func text(of command: CommandDescription) -> String {
        let begin = ["surfaces \(command.name.rawValue)", command.operands]
        let all = command.options.map { "[\(shown($0))]" }
        let synopsis = begin + (all.count > 4 ? ["[OPTIONS]"] : all)
        let options = command.options.map { (shown($0), $0.summary) }
        return """
            \(command.summary)

            Usage: \(synopsis.filter { !$0.isEmpty }.joined(separator: " "))\(options.isEmpty ? "" : "\n\n\(table(options))")
            """
    }

    private static func shown(_ option: CommandDescription.Option) -> String {
        option.name + (option.argument.map { " \($0)" } ?? "")
    }

    private static func table(_ rows: [(String, String)]) -> String { Table(rows.map { [$0.0, $0.1] }).text }
}
