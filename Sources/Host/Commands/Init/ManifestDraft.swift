import Basics
import Manifest
import Settings
import SurfaceKit

/// A manifest before it is written: sound, and without a secret.
struct ManifestDraft: Sendable {
    /// Why none can be made, in words for whoever asked for it.
    struct Problem: Error, Hashable {
        let message: String
    }

    /// A variable that must be set, and what it holds.
    struct Variable: Hashable, Sendable {
        let name: String
        let meaning: String
    }

    static let agentVariable = "AGENT_BASE_URL"

    let json: JSONValue
    /// In the order of the file.
    let variables: [Variable]

    /// - Throws: The first thing that the request lacks or gets wrong.
    init(_ request: InitRequest, _ catalog: SurfaceCatalog) throws(Problem) {
        var variables: [Variable] = []
        var surfaces: [JSONValue] = []
        for kind in try Self.kinds(of: request, catalog) {
            var options = JSONObject()
            for (field, text) in try Self.options(of: kind, request) {
                options[field.key] = try Self.value(text, of: field)
                if field.isSecret { variables.append(Variable(name: text, meaning: field.summary)) }
            }
            surfaces.append(Self.entry(kind, options, request))
        }
        let agent = request.agentVariable ?? Self.agentVariable
        if let problem = VariableName.problem(agent) { throw Problem(message: "agent: \(problem)") }
        variables.append(Variable(name: agent, meaning: "The URL that the agent is posted to."))
        var root = JSONObject([.init(key: "version", value: 1)])
        if agent != Self.agentVariable { root["agent"] = ["baseURL": ["env": .string(agent)]] }
        root["surfaces"] = .array(surfaces)
        json = .object(root)
        self.variables = variables
        try check(agent, request.output, catalog)
    }

    /// The options of `kind` that must be asked for, or that have a value worth showing: what it requires, and a secret
    /// to sign in with.
    static func needed(of kind: SurfaceCatalog.Entry, besides given: Set<String> = []) -> [ManifestField] {
        let secrets = kind.fields.filter(\.isSecret).map(\.key)
        let required = kind.fields.filter { $0.required && $0.fallback == nil }.map(\.key)
        let isSignedIn = secrets.contains { required.contains($0) || given.contains($0) }
        let keys = required + (isSignedIn ? [] : Array(secrets.prefix(1)))
        return kind.fields.filter { keys.contains($0.key) }
    }

    /// The variable that a secret is in unless another one is named: `KIND_KEY`.
    static func variable(for key: String, of kind: SurfaceCatalog.Entry) -> String {
        var name = kind.kind.rawValue.uppercased() + "_"
        for character in key {
            if character.isUppercase { name += "_" }
            name += character.uppercased()
        }
        return name.replacing("-", with: "_")
    }

    // MARK: Parts

    private static func kinds(
        of request: InitRequest,
        _ catalog: SurfaceCatalog
    ) throws(Problem) -> [SurfaceCatalog.Entry] {
        var kinds: [SurfaceCatalog.Entry] = []
        for name in request.kinds {
            guard let kind = catalog[name] else {
                let hint = ManifestInspection.hint(for: name, among: catalog.kinds, of: "kinds")
                throw Problem(message: "there is no kind \"\(name)\"; \(hint)")
            }
            if kinds.contains(where: { $0.kind == kind.kind }) {
                throw Problem(message: "\(name) is named twice: copy its entry afterwards, under another id")
            }
            kinds.append(kind)
        }
        let named = Set(request.users.keys).union(request.options.keys)
        if let other = named.subtracting(request.kinds).min() {
            throw Problem(message: "\(other) is given something, but is none of the surfaces: add “--surface \(other)”")
        }
        let needed = Set(kinds.flatMap(\.neededAddresses).map(\.key))
        if let key = Set(request.addresses.keys).subtracting(needed).min() {
            throw Problem(message: "none of the surfaces has a \(key): leave “--\(key)” out")
        }
        return kinds
    }

    private static func options(
        of kind: SurfaceCatalog.Entry,
        _ request: InitRequest
    ) throws(Problem) -> [(ManifestField, String)] {
        let name = kind.kind.rawValue
        var given = request.options[name] ?? [:]
        let addresses = kind.neededAddresses.map(\.key)
        for key in addresses { if let address = request.addresses[key] { given[key] = address } }
        for field in needed(of: kind, besides: Set(given.keys)) where given[field.key] == nil {
            guard case .secret = field.form else {
                let hasFlag = addresses.contains(field.key)
                let flag = hasFlag ? "--\(field.key) URL" : "--option \(name).\(field.key)=…"
                throw Problem(message: "\(name) needs “\(flag)”: \(field.summary)")
            }
            given[field.key] = variable(for: field.key, of: kind)
        }
        if let unknown = given.keys.filter({ key in !kind.fields.contains { $0.key == key } }).min() {
            let hint = ManifestInspection.hint(for: unknown, among: kind.fields.map(\.key), of: "options")
            throw Problem(message: "\(name) has no option \"\(unknown)\"; \(hint)")
        }
        return kind.fields.compactMap { field in given[field.key].map { (field, $0) } }
    }

    private static func value(_ text: String, of field: ManifestField) throws(Problem) -> JSONValue {
        switch field.form {
        case .secret:
            if let problem = VariableName.problem(text) { throw Problem(message: "\(field.key): \(problem)") }
            return ["env": .string(text)]
        case .boolean: return text == "true" ? true : text == "false" ? false : .string(text)
        default: return .string(text)
        }
    }

    private static func entry(_ kind: SurfaceCatalog.Entry, _ options: JSONObject, _ request: InitRequest) -> JSONValue
    {
        let name = kind.kind.rawValue
        let policy = request.policy ?? .pairing
        var access = JSONObject([.init(key: "policy", value: .string(policy.rawValue))])
        let users = request.users[name] ?? []
        if !users.isEmpty || policy == .allowlist { access["users"] = .array(users.map { .string($0) }) }
        return [
            "id": .string(name), "kind": .string(name), "access": .object(access), "options": .object(options),
        ]
    }

    /// Whether `surfaces check` will accept it: asked of the same code, with the surfaces off since the secrets are not
    /// here.
    private func check(_ agent: String, _ output: String, _ catalog: SurfaceCatalog) throws(Problem) {
        guard case .object(var root) = json else { return }
        root["surfaces"] = .array(
            (json["surfaces"]?.array ?? []).map { entry in
                guard case .object(var entry) = entry else { return entry }
                entry["enabled"] = false
                return .object(entry)
            }
        )
        let path = Manifest.absolute(output)
        let environment = [agent: "http://localhost/"]
        let mistakes: [ManifestMistake]
        do throws(ManifestError) {
            _ = try Manifest.load(JSONValue.object(root), from: path, environment: environment, catalog: catalog)
            return
        } catch {
            mistakes = error.mistakes
        }
        throw Problem(message: mistakes.map(\.description).joined(separator: "; "))
    }
}
