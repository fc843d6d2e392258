/// One command of the program, for the parser and the help.
struct CommandDescription: Sendable {
    /// What may stand behind an option, for completions.
    enum Values: Hashable, Sendable {
        case any, file
        case oneOf([String])
        /// A kind of surface.
        case kind
    }

    struct Option: Sendable {
        let name: String
        /// What stands behind it; `nil` for a switch.
        let argument: String?
        let values: Values
        /// Whether it may be given more than once.
        let repeats: Bool
        let summary: String

        init(
            name: String,
            argument: String?,
            values: Values = .any,
            repeats: Bool = false,
            summary: String
        ) {
            self.name = name
            self.argument = argument
            self.values = values
            self.repeats = repeats
            self.summary = summary
        }
    }

    let name: CommandName
    /// The words that may follow, as the help shows them.
    let operands: String
    /// What the first of them may be, for completions.
    let firstOperands: [String]
    let summary: String
    let options: [Option]

    init(
        name: CommandName,
        operands: String = "",
        firstOperands: [String] = [],
        summary: String,
        options: [Option] = []
    ) {
        self.name = name
        self.operands = operands
        self.firstOperands = firstOperands
        self.summary = summary
        self.options = options
    }

    static let all = [
        CommandDescription(
            name: .initialize,
            summary: "Write a manifest, by a few questions or from these options; it never holds a secret.",
            options: Self.initialization
        ),
        CommandDescription(
            name: .run,
            summary: "Run the host until SIGTERM or SIGINT, then drain. SIGHUP re-reads the manifest.",
            options: [manifest]
        ),
        CommandDescription(
            name: .check,
            summary: "Report every mistake of the manifest, and who can reach what.",
            options: [
                manifest,
                Option(
                    name: "--online",
                    argument: nil,
                    summary: "Also look at ports, disk, clock, DNS, TLS, tokens, webhooks and the agent’s address."
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
            summary: "Ask the running host how it is.",
            options: [manifest, json]
        ),
        CommandDescription(
            name: .pair,
            operands: "list | approve CODE | revoke SURFACE USER",
            firstOperands: ["list", "approve", "revoke"],
            summary: "Answer the requests of strangers, also while the host runs.",
            options: [manifest]
        ),
        CommandDescription(
            name: .demo,
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
            name: .completions,
            operands: "bash | zsh | fish",
            firstOperands: Shell.allCases.map(\.rawValue),
            summary: "Print what a shell needs to complete this program’s command lines."
        ),
        CommandDescription(name: .schema, summary: "Print the JSON Schema of the manifest."),
    ]

    private static let initialization = [
        Option(
            name: "--surface",
            argument: "KIND",
            values: .kind,
            repeats: true,
            summary: "A messenger; may be repeated. Without one, questions are asked."
        ),
        Option(name: "--homeserver", argument: "URL", summary: "Where the Matrix account is."),
        Option(
            name: "--policy",
            argument: "POLICY",
            values: .oneOf(AccessPlan.Policy.allCases.map(\.rawValue)),
            summary: "Who may talk to the agent: pairing (people whom you approve), allowlist or open."
        ),
        Option(
            name: "--user",
            argument: "KIND:ID",
            repeats: true,
            summary: "An account of the allowlist, such as matrix:@ann:example.org; may be repeated."
        ),
        Option(
            name: "--option",
            argument: "KIND.KEY=VALUE",
            repeats: true,
            summary: "Any option of a messenger; for a secret the variable that holds it. May be repeated."
        ),
        Option(
            name: "--agent-variable",
            argument: "NAME",
            summary: "The variable that holds the agent’s address; without it AGENT_BASE_URL."
        ),
        Option(
            name: "--output",
            argument: "FILE",
            values: .file,
            summary: "Where to write; without it $SURFACES_MANIFEST, then ./surfaces.json."
        ),
        Option(name: "--force", argument: nil, summary: "Replace a file that exists."),
    ]

    private static let manifest = Option(
        name: "--manifest",
        argument: "FILE",
        values: .file,
        summary: "The manifest; without it $SURFACES_MANIFEST, then ./surfaces.json."
    )
    private static let json = Option(name: "--json", argument: nil, summary: "Answer in JSON.")

    static func of(_ name: CommandName) -> CommandDescription? { all.first { $0.name == name } }
}

/// What the first word of the command line may be.
enum CommandName: String, Hashable, Sendable, CaseIterable {
    case initialize = "init"
    case run, check, status, pair, demo, completions, schema

    /// Whether the help lists it; the others are for those who build this program.
    var isListed: Bool { self != .schema }
}
