import Manifest
import Settings

extension CommandDescription {
    /// The options of `surfaces init`, among them one for each address that some messenger cannot do without.
    static func initialization(_ catalog: SurfaceCatalog) -> [Option] {
        let surface = Option(
            name: "--surface",
            argument: "KIND",
            values: .kind,
            repeats: true,
            summary: "A messenger; may be repeated. Without one, questions are asked."
        )
        let addresses = catalog.neededAddresses.map { field in
            Option(name: "--\(field.key)", argument: "URL", summary: field.summary)
        }
        return [surface] + addresses + access(catalog) + rest
    }

    private static func access(_ catalog: SurfaceCatalog) -> [Option] {
        let account = catalog.example.map { ", such as \($0.accountExample)" } ?? ""
        return [
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
                summary: "An account of the allowlist\(account); may be repeated."
            ),
        ]
    }

    private static let rest = [
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
}
