import Basics
import Manifest
import Settings

/// What a command line asks for.
enum Invocation: Hashable, Sendable {
    case run(manifest: String)
    case check(CheckRequest)
    case status(manifest: String, json: Bool)
    case pair(PairRequest, manifest: String)
    /// - Parameter port: Of the page.
    case demo(port: UInt16)
    case initialize(InitRequest)
    case completions(Shell)
    case schema
    case version
    /// Of one command, or of the program.
    case help(CommandName?)

    /// Why a command line means nothing.
    struct Mistake: Error, Hashable {
        let message: String
        /// Whose help would tell more.
        let command: CommandName?
    }

    /// - Parameters:
    ///   - arguments: Without the program’s name.
    ///   - environment: Where `SURFACES_MANIFEST` may be.
    ///   - catalog: The kinds of surfaces that there are.
    init(_ arguments: [String], environment: [String: String], _ catalog: SurfaceCatalog) throws(Mistake) {
        guard let first = arguments.first else { throw Mistake(message: "a command is missing", command: nil) }
        switch first {
        case "--version": self = .version
        case "--help", "-h", "help": self = .help(arguments.dropFirst().first.flatMap(CommandName.init))
        default:
            guard let name = CommandName(rawValue: first), let description = CommandDescription.of(name, catalog)
            else {
                throw Mistake(message: Self.unknown(first), command: nil)
            }
            let rest = arguments.dropFirst()
            if rest.contains("--help") || rest.contains("-h") {
                self = .help(name)
            } else {
                try self.init(description, try Words(rest, of: description), environment, catalog)
            }
        }
    }

    private init(
        _ command: CommandDescription,
        _ words: Words,
        _ environment: [String: String],
        _ catalog: SurfaceCatalog
    ) throws(Mistake) {
        let fromEnvironment = environment["SURFACES_MANIFEST"].flatMap { $0.isEmpty ? nil : $0 }
        let manifest = words.value("--manifest") ?? fromEnvironment ?? "surfaces.json"
        let json = words.switches.contains("--json")
        switch command.name {
        case .run: self = .run(manifest: manifest)
        case .check:
            self = .check(
                CheckRequest(
                    manifest: manifest,
                    online: words.switches.contains("--online"),
                    smoke: words.switches.contains("--smoke"),
                    json: json
                )
            )
        case .status: self = .status(manifest: manifest, json: json)
        case .pair:
            guard let request = PairRequest(words.operands) else {
                throw Mistake(message: "say what to do: surfaces pair \(command.operands)", command: .pair)
            }
            self = .pair(request, manifest: manifest)
        case .demo:
            guard let port = UInt16(words.value("--port") ?? "8090") else {
                throw Mistake(message: "“--port” needs a number from 0 to 65535", command: .demo)
            }
            self = .demo(port: port)
        case .initialize: self = .initialize(try InitRequest(words, output: fromEnvironment, catalog))
        case .completions:
            guard words.operands.count == 1, let shell = Shell(rawValue: words.operands[0]) else {
                let message = "say for which shell: surfaces completions \(command.operands)"
                throw Mistake(message: message, command: .completions)
            }
            self = .completions(shell)
        case .schema: self = .schema
        }
    }

    private static func unknown(_ word: String) -> String {
        let isOption = word.hasPrefix("-")
        let known = isOption ? ["--help", "--version"] : CommandName.allCases.filter(\.isListed).map(\.rawValue)
        let meant = suggestion(for: word, among: known).map { "; did you mean “\($0)”?" } ?? ""
        return "unknown \(isOption ? "option" : "command") “\(word)”\(meant)"
    }
}

/// The words behind a command, sorted into what they are.
private struct Words {
    private(set) var switches: Set<String> = []
    private(set) var values: [String: [String]] = [:]
    private(set) var operands: [String] = []

    init(_ words: some Sequence<String>, of description: CommandDescription) throws(Invocation.Mistake) {
        func mistake(_ message: String) -> Invocation.Mistake {
            Invocation.Mistake(message: message, command: description.name)
        }
        var words = Array(words)[...]
        while let word = words.popFirst() {
            guard word.hasPrefix("-") else {
                if description.operands.isEmpty { throw mistake("“\(word)” is one word too many") }
                operands.append(word)
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let option = description.options.first(where: { $0.name == parts[0] }) else {
                let known = description.options.map(\.name) + ["--help"]
                let meant = suggestion(for: parts[0], among: known).map { "; did you mean “\($0)”?" } ?? ""
                throw mistake("unknown option “\(parts[0])”\(meant)")
            }
            if switches.contains(option.name) || (values[option.name] != nil && !option.repeats) {
                throw mistake("“\(option.name)” is given twice")
            }
            guard let argument = option.argument else {
                if parts.count == 2 { throw mistake("“\(option.name)” takes no value") }
                switches.insert(option.name)
                continue
            }
            guard let value = parts.count == 2 ? parts[1] : words.popFirst(), !value.isEmpty else {
                throw mistake("“\(option.name)” needs a \(argument)")
            }
            values[option.name, default: []].append(value)
        }
    }

    func value(_ option: String) -> String? { values[option]?.first }
}

extension InitRequest {
    fileprivate init(_ words: Words, output: String?, _ catalog: SurfaceCatalog) throws(Invocation.Mistake) {
        func mistake(_ message: String) -> Invocation.Mistake {
            Invocation.Mistake(message: message, command: .initialize)
        }
        self.init(output: words.value("--output") ?? output ?? "surfaces.json")
        kinds = words.values["--surface"] ?? []
        for field in catalog.neededAddresses { addresses[field.key] = words.value("--\(field.key)") }
        agentVariable = words.value("--agent-variable")
        replaces = words.switches.contains("--force")
        if let text = words.value("--policy") {
            guard let policy = AccessPlan.Policy(rawValue: text) else {
                throw mistake("“--policy” needs one of pairing, allowlist, open")
            }
            self.policy = policy
        }
        for text in words.values["--user"] ?? [] {
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw mistake("“--user” needs a KIND:ID\(Self.such(as: catalog.example?.accountExample))")
            }
            users[parts[0], default: []].append(parts[1])
        }
        for text in words.values["--option"] ?? [] {
            let sides = text.split(separator: "=", maxSplits: 1).map(String.init)
            let name = sides[0].split(separator: ".").map(String.init)
            guard sides.count == 2, name.count == 2 else {
                throw mistake("“--option” needs a KIND.KEY=VALUE\(Self.such(as: catalog.example?.secretExample))")
            }
            options[name[0], default: [:]][name[1]] = sides[1]
        }
    }

    private static func such(as example: String?) -> String { example.map { ", such as \($0)" } ?? "" }
}
