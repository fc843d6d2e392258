import Basics
import Settings
import SurfaceKit

extension ManifestInspection {
    /// The surfaces that `value` lists, without those that have mistakes.
    package mutating func surfaces(_ value: JSONValue?, catalog: SurfaceCatalog) -> [SurfaceSettings] {
        let path = JSONPath.root["surfaces"]
        guard let value else { return [] }
        guard let entries = value.array else {
            report(path, "must be an array, not \(value.typeName)", hint: "write [ { … } ]")
            return []
        }
        var found: [SurfaceSettings] = []
        var owners: [String: JSONPath] = [:]
        for (index, entry) in entries.enumerated() {
            let place = path[index]
            if let settings = surface(entry, catalog: catalog, at: place) { found.append(settings) }
            guard let id = entry["id"]?.string else { continue }
            if let owner = owners[id] {
                report(place["id"], "is the id of \(owner), too", hint: "ids must be unique: state is kept under them")
            } else {
                owners[id] = place
            }
        }
        return found
    }

    private mutating func surface(_ value: JSONValue, catalog: SurfaceCatalog, at path: JSONPath) -> SurfaceSettings? {
        secretsMayBeMissing = value["enabled"] == false
        consulted = []
        defer { secretsMayBeMissing = false }
        let before = mistakeCount
        let section = section(value, ManifestFields.surface, at: path)
        guard let kind = kind(section, catalog: catalog, at: path["kind"]) else { return nil }
        let options = options(section.raw("options") ?? [:], kind, at: path["options"])
        let access = access(section.section("access"), kind, at: path["access"])
        guard mistakeCount == before, let id = section.text("id") else { return nil }
        let streaming = section.section("streaming")
        return SurfaceSettings(
            id: SurfaceID(id),
            kind: kind.kind,
            isEnabled: section.boolean("enabled"),
            access: access,
            respond: section.section("groups").choice("respond", or: .mention),
            streaming: streaming.text("mode") == "off"
                ? .off : .auto(interval: streaming.number("editIntervalSeconds").map { .seconds($0) }),
            proxy: section.secret("proxy"),
            fingerprint: hex(sha256(value.encoded + consulted)),
            connection: SurfaceSettings.Connection(
                servers: kind.addresses(in: options),
                trustedCertificates: kind.authorities(in: options),
                needsWebhook: kind.needsWebhook(options)
            ),
            make: { kind.make(options, $0) }
        )
    }

    private mutating func kind(
        _ section: ManifestSection,
        catalog: SurfaceCatalog,
        at path: JSONPath
    ) -> SurfaceCatalog.Entry? {
        guard let name = section.text("kind") else { return nil }
        if let entry = catalog[name] { return entry }
        report(path, "unknown kind", hint: Self.hint(for: name, among: catalog.kinds, of: "kinds"))
        return nil
    }

    private mutating func options(
        _ value: JSONValue,
        _ kind: SurfaceCatalog.Entry,
        at path: JSONPath
    ) -> OptionValues {
        let before = mistakeCount
        let section = section(value, kind.fields, at: path)
        let options = OptionValues(section.values.compactMapValues(\.asOption))
        guard mistakeCount == before else { return options }
        for mistake in kind.contradictions(in: options) {
            report(mistake.key.map { path[$0] } ?? path, mistake.message, hint: mistake.hint)
        }
        if kind.needsWebhook(options), document.root["webhooks"]?["publicURL"] == nil {
            report(
                path["receive"],
                "needs an address that the messenger can post to",
                hint: "set webhooks.publicURL, or write \"polling\""
            )
        }
        return options
    }

    private mutating func access(
        _ section: ManifestSection,
        _ kind: SurfaceCatalog.Entry,
        at path: JSONPath
    ) -> AccessPlan {
        let plan = AccessPlan(
            policy: section.choice("policy", or: .pairing),
            users: section.texts("users").map { PersonID($0) }
        )
        for (index, user) in section.texts("users").enumerated() where !kind.accounts.matches(user) {
            report(
                path["users"][index],
                "is not how \(kind.kind) names an account",
                hint: "write \"\(kind.accounts.example)\""
            )
        }
        guard section.text("policy") != nil else { return plan }
        switch plan.policy {
        case .open where !plan.users.isEmpty:
            report(
                path["users"],
                "contradicts the policy open, which lets anyone in",
                hint: "remove \"users\", or write \"policy\": \"allowlist\""
            )
        case .pairing, .allowlist, .open: break
        }
        return plan
    }
}

extension ManifestValue {
    /// The value as an adapter gets it.
    fileprivate var asOption: OptionValues.Value? {
        switch self {
        case .text(let text): .string(text)
        case .boolean(let value): .boolean(value)
        case .secret(let secret): .secret(secret)
        case .missingSecret: .missingSecret
        case .integer, .number, .listener, .list, .section, .raw: nil
        }
    }
}
