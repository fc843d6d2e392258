import Basics
import Manifest
import Settings
import SurfaceKit

/// The questions of `surfaces init`; what the request has already is not asked.
struct Interview {
    let catalog: SurfaceCatalog
    /// Puts a question and gives the line that was typed; `nil` when nothing more can be.
    let ask: (String) -> String?
    let say: (String) -> Void

    /// - Returns: `nil` when the answers ended before the questions did.
    func complete(_ request: InitRequest) -> InitRequest? {
        var request = request
        guard let kinds = askForKinds() else { return nil }
        request.kinds = kinds.map(\.kind.rawValue)
        for kind in kinds { guard askForOptions(of: kind, &request) else { return nil } }
        if request.policy == nil {
            guard let policy = askForPolicy() else { return nil }
            request.policy = policy
        }
        if request.policy == .allowlist {
            for kind in kinds { guard askForUsers(of: kind, &request) else { return nil } }
        }
        if request.agentVariable == nil {
            let question = "Which variable holds the agent’s address?"
            guard let name = answer(question, or: ManifestDraft.agentVariable, refuse: VariableName.problem) else {
                return nil
            }
            request.agentVariable = name
        }
        return request
    }

    private func askForKinds() -> [SurfaceCatalog.Entry]? {
        let known = catalog.kinds
        let question = "Which messengers? Any of \(known.joined(separator: ", ")), with commas between:"
        let text = answer(question) { text in
            let names = Self.list(text)
            if names.isEmpty { return "name at least one" }
            guard let unknown = names.first(where: { catalog[$0] == nil }) else { return nil }
            return "there is no \"\(unknown)\"; \(ManifestInspection.hint(for: unknown, among: known, of: "kinds"))"
        }
        guard let text else { return nil }
        let names = Self.list(text)
        return catalog.entries.filter { names.contains($0.kind.rawValue) }
    }

    private func askForOptions(of kind: SurfaceCatalog.Entry, _ request: inout InitRequest) -> Bool {
        let name = kind.kind.rawValue
        let given = request.options[name] ?? [:]
        for field in ManifestDraft.needed(of: kind, besides: Set(given.keys)) where given[field.key] == nil {
            if request.addresses[field.key] != nil { continue }
            let text: String?
            if field.isSecret {
                say("\(name): \(field.summary)")
                let usual = ManifestDraft.variable(for: field.key, of: kind)
                text = answer("\(name): which variable holds it?", or: usual, refuse: VariableName.problem)
            } else {
                say("\(name): \(field.summary)")
                text = answer("\(name): \(field.key)?") { Self.problem($0, as: field.form) }
            }
            guard let text else { return false }
            request.options[name, default: [:]][field.key] = text
        }
        return true
    }

    private func askForPolicy() -> AccessPlan.Policy? {
        say(
            "Who may talk to the agent? pairing: people whom you approve by a code; allowlist: people whom you list; open: anyone."
        )
        let choices = AccessPlan.Policy.allCases.map(\.rawValue)
        let text = answer("pairing, allowlist or open?", or: AccessPlan.Policy.pairing.rawValue) { text in
            choices.contains(text) ? nil : "write one of \(choices.joined(separator: ", "))"
        }
        return text.flatMap(AccessPlan.Policy.init)
    }

    private func askForUsers(of kind: SurfaceCatalog.Entry, _ request: inout InitRequest) -> Bool {
        let name = kind.kind.rawValue
        guard request.users[name] == nil else { return true }
        let text = answer("\(name): which accounts? Such as \(kind.accounts.example), with commas between:") { text in
            guard let wrong = Self.list(text).first(where: { !kind.accounts.matches($0) }) else { return nil }
            return "\"\(wrong)\" is not how \(name) names an account; write it as \(kind.accounts.example)"
        }
        guard let text else { return false }
        request.users[name] = Self.list(text)
        return true
    }

    /// Asks until the answer is right.
    ///
    /// - Parameters:
    ///   - usual: Counts when nothing is typed.
    ///   - refuse: What is wrong with an answer.
    private func answer(_ question: String, or usual: String? = nil, refuse: (String) -> String?) -> String? {
        while let line = ask("\(question)\(usual.map { " [\($0)]" } ?? "") ") {
            let typed = line.trimmed()
            let text = typed.isEmpty ? usual ?? "" : typed
            guard let problem = refuse(text) else { return text }
            say("  \(problem)")
        }
        return nil
    }

    private static func list(_ text: String) -> [String] {
        text.split { $0 == "," || $0 == " " || $0 == ";" }.map(String.init)
    }

    /// What the manifest’s own rules say of `text`.
    private static func problem(_ text: String, as form: ManifestForm) -> String? {
        guard let document = try? JSONDocument(parsing: Array("{}".utf8)) else { return nil }
        var inspection = ManifestInspection(document: document, folder: "/", environment: [:])
        _ = inspection.value(.string(text), as: form, at: .root)
        return inspection.mistakes.first?.description
    }
}
