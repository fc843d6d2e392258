import Basics
import FoundationEssentials
import HTTP
import Settings
import SurfaceKit

extension Manifest {
    /// Largest manifest, in bytes.
    package static let limit = 1 << 20

    /// Reads the manifest at `path`, the secrets and the files that it names.
    ///
    /// - Parameters:
    ///   - path: Relative to the working directory, or absolute.
    ///   - environment: Where `{"env": …}` and the agent’s address are looked up.
    /// - Throws: Everything that is wrong with it, at once.
    package static func load(
        _ path: String,
        environment: [String: String],
        catalog: SurfaceCatalog
    ) throws(ManifestError) -> Manifest {
        let path = absolute(path)
        return try load(try document(path), from: path, environment: environment, catalog: catalog)
    }

    /// Reads a manifest that is to stand at `path`, which is absolute.
    package static func load(
        _ value: JSONValue,
        from path: String,
        environment: [String: String],
        catalog: SurfaceCatalog
    ) throws(ManifestError) -> Manifest {
        try load(try document(value.encoded), from: path, environment: environment, catalog: catalog)
    }

    private static func load(
        _ document: JSONDocument,
        from path: String,
        environment: [String: String],
        catalog: SurfaceCatalog
    ) throws(ManifestError) -> Manifest {
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        var inspection = ManifestInspection(document: document, folder: folder, environment: environment)
        let root = inspection.section(document.root, ManifestFields.root, at: .root)
        let agent = inspection.agent(root.section("agent"))
        let surfaces = inspection.surfaces(root.raw("surfaces"), catalog: catalog)
        inspection.compareListeners(root)
        guard inspection.mistakes.isEmpty, let agent else { throw ManifestError(mistakes: inspection.mistakes) }
        return Manifest(path: path, agent: agent, root: root, surfaces: surfaces)
    }

    /// Where the admin listener of the manifest at `path` listens, whatever else is wrong with the manifest.
    package static func adminAddress(_ path: String) throws(ManifestError) -> SocketAddress {
        let document = try document(absolute(path))
        var inspection = ManifestInspection(document: document, folder: "/", environment: [:])
        let value = document.root["http"] ?? [:]
        let section = inspection.section(value, ManifestFields.http, at: JSONPath.root["http"])
        guard inspection.mistakes.isEmpty else { throw ManifestError(mistakes: inspection.mistakes) }
        return section.listener("listen")
    }

    /// What of a manifest tells where the state is and who is in it, whatever else is wrong with the manifest.
    package struct Whereabouts: Sendable {
        /// Path of the database.
        package let database: String
        package let language: Language
        /// Who is listed on each surface.
        package let users: [SurfaceID: Set<PersonID>]
    }

    package static func whereabouts(_ path: String) throws(ManifestError) -> Whereabouts {
        let path = absolute(path)
        let document = try document(path)
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        var inspection = ManifestInspection(document: document, folder: folder, environment: [:])
        let state = inspection.section(document.root["state"] ?? [:], ManifestFields.state, at: JSONPath.root["state"])
        guard inspection.mistakes.isEmpty else { throw ManifestError(mistakes: inspection.mistakes) }
        var listed: [SurfaceID: Set<PersonID>] = [:]
        for surface in document.root["surfaces"]?.array ?? [] {
            let users = surface["access"]?["users"]?.array ?? []
            listed[SurfaceID(surface["id"]?.string ?? "")] = Set(users.compactMap(\.string).map { PersonID($0) })
        }
        return Whereabouts(
            database: StatePlan(path: state.text("path") ?? "", retention: .zero).database,
            language: Language(tag: document.root["language"]?.string) ?? .english,
            users: listed
        )
    }

    private init(path: String, agent: AgentPlan, root: ManifestSection, surfaces: [SurfaceSettings]) {
        let (state, files) = (root.section("state"), root.section("attachments"))
        let webhooks = root.section("webhooks")
        self.path = path
        self.agent = agent
        self.state = StatePlan(
            path: state.text("path") ?? "",
            retention: .seconds(state.integer("retentionDays") * 86_400)
        )
        attachments = AttachmentLimits(
            maxBytes: files.integer("maxBytes"),
            maxCount: files.integer("maxCount"),
            keep: .seconds(files.integer("keepHours") * 3600)
        )
        adminAddress = root.section("http").listener("listen")
        self.webhooks = WebhookPlan(address: webhooks.listener("listen"), publicURL: webhooks.text("publicURL"))
        language = root.choice("language", or: .english)
        drain = root.seconds("drainSeconds")
        self.surfaces = surfaces
    }

    private static func document(_ path: String) throws(ManifestError) -> JSONDocument {
        let bytes: [UInt8]
        do {
            bytes = try contents(ofSmallFile: path, limit: limit)
        } catch {
            let hint = error == .notFound ? "name one with --manifest FILE or SURFACES_MANIFEST" : nil
            throw ManifestError(mistakes: [ManifestMistake(path: .root, line: nil, message: "\(error)", hint: hint)])
        }
        return try document(bytes)
    }

    private static func document(_ bytes: [UInt8]) throws(ManifestError) -> JSONDocument {
        do {
            return try JSONDocument(parsing: bytes, limits: JSONLimits(depth: 32))
        } catch {
            let message = "not JSON at column \(error.column): \(error.reason)"
            throw ManifestError(mistakes: [ManifestMistake(path: .root, line: error.line, message: message, hint: nil)])
        }
    }

    package static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    }
}

extension ManifestInspection {
    /// Two listeners that were both asked for cannot share an address.
    fileprivate mutating func compareListeners(_ root: ManifestSection) {
        let path = JSONPath.root["webhooks"]["listen"]
        let given = ["http", "webhooks"].allSatisfy { document.root[$0]?["listen"] != nil }
        let address = root.section("webhooks").listener("listen")
        guard given, address.port != 0, address == root.section("http").listener("listen") else { return }
        report(
            path,
            "is the address of http.listen, too",
            hint: "the admin listener must stay private: choose another port"
        )
    }
}
