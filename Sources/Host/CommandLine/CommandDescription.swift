/// One command of the program, for the parser and the help.
struct CommandDescription: Sendable {
    struct Option: Sendable {
        let name: String
        /// What stands behind it; `nil` for a switch.
        let argument: String?
        let summary: String
    }

    let name: CommandName
    /// The words that may follow, as the help shows them.
    let operands: String
    let summary: String
    let options: [Option]

    static let all = [
        CommandDescription(
            name: .run,
            operands: "",
            summary: "Run the host until SIGTERM or SIGINT, then drain. SIGHUP re-reads the manifest.",
            options: [manifest]
        ),
        CommandDescription(
            name: .check,
            operands: "",
            summary: "Report every mistake of the manifest, and who can reach what.",
            options: [
                manifest,
                Option(
                    name: "--online",
                    argument: nil,
                    summary: "Also connect: ask each enabled surface who the bot is, and the agent’s address."
                ),
                Option(
                    name: "--smoke",
                    argument: nil,
                    summary: "Also make three real runs of the agent: a text, a tool, a file."
                ),
                json,
            ]
        ),
        CommandDescription(
            name: .status,
            operands: "",
            summary: "Ask the running host how it is.",
            options: [manifest, json]
        ),
        CommandDescription(
            name: .pair,
            operands: "list | approve CODE | revoke SURFACE USER",
            summary: "Answer the requests of strangers, also while the host runs.",
            options: [manifest]
        ),
        CommandDescription(
            name: .demo,
            operands: "",
            summary: "Open the playground: simulated messengers, a sample agent and the host, on a web page.",
            options: [
                Option(
                    name: "--port",
                    argument: "N",
                    summary: "Of the page, at 127.0.0.1; without it 8090, and 0 is any that is free."
                )
            ]
        ),
        CommandDescription(
            name: .schema,
            operands: "",
            summary: "Print the JSON Schema of the manifest.",
            options: []
        ),
    ]

    private static let manifest = Option(
        name: "--manifest",
        argument: "FILE",
        summary: "The manifest; without it $SURFACES_MANIFEST, then ./surfaces.json."
    )
    private static let json = Option(name: "--json", argument: nil, summary: "Answer in JSON.")

    static func of(_ name: CommandName) -> CommandDescription? { all.first { $0.name == name } }
}

/// What the first word of the command line may be.
enum CommandName: String, Hashable, Sendable, CaseIterable {
    case run, check, status, pair, demo, schema

    /// Whether the help lists it; the others are for those who build this program.
    var isListed: Bool { self != .schema }
}
