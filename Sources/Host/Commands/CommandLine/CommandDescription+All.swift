import Manifest

extension CommandDescription {
    /// - Parameter catalog: The kinds of surfaces that there are.
    static func all(_ catalog: SurfaceCatalog) -> [CommandDescription] {
        [
            CommandDescription(
                name: .initialize,
                summary: "Write a manifest, by a few questions or from these options; it never holds a secret.",
                options: Self.initialization(catalog)
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
    }

    private static let manifest = Option(
        name: "--manifest",
        argument: "FILE",
        values: .file,
        summary: "The manifest; without it $SURFACES_MANIFEST, then ./surfaces.json."
    )
    private static let json = Option(name: "--json", argument: nil, summary: "Answer in JSON.")
}
