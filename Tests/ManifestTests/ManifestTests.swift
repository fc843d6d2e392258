import AgentLink
import Basics
import HTTP
import Settings
import SurfaceKit
import Testing

@testable import Manifest

@Suite("Manifest")
struct ManifestTests {
    @Test func `means the documented defaults when it says nothing`() throws {
        let deployment = try Deployment(Deployment.manifest())

        let manifest = try deployment.load()

        #expect(manifest.path == deployment.path)
        #expect(manifest.agent.configuration.codec == .agUI)
        #expect(manifest.agent.configuration.idleTimeout == .seconds(600))
        #expect(manifest.agent.configuration.deadline == .seconds(1800))
        #expect(manifest.agent.configuration.proxy == nil)
        #expect(manifest.agent.history == .host)
        #expect(manifest.agent.transcript == TranscriptLimits(messages: 200, bytes: 262_144, fileBytes: 8_388_608))
        #expect(manifest.state == StatePlan(path: "\(deployment.folder)/state", retention: .seconds(30 * 86_400)))
        #expect(manifest.attachments == AttachmentLimits(maxBytes: 20_971_520, maxCount: 10, keep: .seconds(86_400)))
        #expect(manifest.adminAddress == SocketAddress(host: "127.0.0.1", port: 8080))
        #expect(manifest.webhooks.address == SocketAddress(host: "127.0.0.1", port: 8081))
        #expect(manifest.webhooks.publicURL == nil)
        #expect(manifest.language == .english)
        #expect(manifest.drain == .seconds(25))
        #expect(manifest.surfaces.first?.isEnabled == true)
        #expect(manifest.surfaces.first?.respond == .mention)
        #expect(manifest.surfaces.first?.streaming == .auto(interval: nil))
        #expect(manifest.surfaces.first?.proxy == nil)
    }

    @Test func `means what it says`() throws {
        let deployment = try Deployment(
            #"""
            {
              "$schema": "x", "version": 1,
              "agent": {"baseURL": "https://a/v1", "protocol": "openai", "model": "m", "history": "agent",
                        "idleTimeoutSeconds": 5, "deadlineSeconds": 6, "proxy": "socks5h://proxy:1080",
                        "transcript": {"messages": 7, "bytes": 2048, "fileBytes": 9}},
              "state": {"path": "/var/lib/surfaces", "retentionDays": 2},
              "attachments": {"maxBytes": 3, "maxCount": 4, "keepHours": 5},
              "http": {"listen": "[::]:0"},
              "webhooks": {"listen": "0.0.0.0:443", "publicURL": "https://bots.example/x/"},
              "language": "ru", "drainSeconds": 0,
              "surfaces": [
                {"id": "one-1", "kind": "sample", "enabled": false, "access": {"policy": "allowlist", "users": ["8", "7"]},
                 "groups": {"respond": "never"}, "streaming": {"mode": "auto", "editIntervalSeconds": 0.5},
                 "proxy": {"file": "secret-proxy"}, "options": {"server": "https://s/", "user": "u"}},
                {"id": "two", "kind": "sample", "access": {"policy": "allowlist"}, "streaming": {"mode": "off"},
                 "options": {"server": "https://s", "token": {"file": "secret"}, "drafts": false, "receive": "webhook",
                             "certificates": "certificates.pem"}}
              ]
            }
            """#
        )
        try deployment.write("http://u:p@h:3128\n", to: "secret-proxy")

        let manifest = try deployment.load([:])

        #expect(manifest.agent.configuration.url == "https://a/v1")
        #expect(manifest.agent.configuration.codec == .openAI(model: "m"))
        #expect(manifest.agent.configuration.idleTimeout == .seconds(5))
        #expect(manifest.agent.configuration.deadline == .seconds(6))
        #expect(manifest.agent.configuration.proxy == Secret("socks5h://proxy:1080"))
        #expect(manifest.agent.history == .agent)
        #expect(manifest.agent.transcript == TranscriptLimits(messages: 7, bytes: 2048, fileBytes: 9))
        #expect(manifest.state == StatePlan(path: "/var/lib/surfaces", retention: .seconds(2 * 86_400)))
        #expect(manifest.attachments == AttachmentLimits(maxBytes: 3, maxCount: 4, keep: .seconds(5 * 3600)))
        #expect(manifest.adminAddress == SocketAddress(host: "::", port: 0))
        #expect(
            manifest.webhooks
                == WebhookPlan(address: SocketAddress(host: "0.0.0.0", port: 443), publicURL: "https://bots.example/x")
        )
        #expect(manifest.language == .russian)
        #expect(manifest.drain == .zero)
        let (one, two) = (manifest.surfaces[0], manifest.surfaces[1])
        #expect(one.id == "one-1")
        #expect(one.kind == SampleSurface.kind)
        #expect(!one.isEnabled)
        #expect(one.access == AccessPlan(policy: .allowlist, users: ["8", "7"]))
        #expect(one.respond == .never)
        #expect(one.streaming == .auto(interval: .milliseconds(500)))
        #expect(one.proxy == Secret("http://u:p@h:3128"))
        #expect(two.access == AccessPlan(policy: .allowlist, users: []))
        #expect(two.streaming == .off)
    }

    @Test func `makes surfaces with their options, fallbacks filled in`() throws {
        let deployment = try Deployment(
            Deployment.manifest(
                surface: #"""
                    {"id": "one", "kind": "sample", "access": {"policy": "open"},
                     "options": {"server": "https://s//", "token": {"file": "secret"}, "certificates": "certificates.pem"}}
                    """#
            )
        )
        let plan = try #require(try deployment.load().surfaces.first)

        let surface = plan.surface(in: Self.context(plan.id))

        let sample = try #require(surface as? SampleSurface)
        #expect(sample.context.id == "one")
        #expect(sample.options.values.string("server") == "https://s")
        #expect(sample.options.values.secret("token") == Secret("fr0m-file"))
        #expect(sample.options.values.string("receive") == "polling")
        #expect(sample.options.values.boolean("drafts") == true)
        #expect(sample.options.values.string("certificates") == "\(deployment.folder)/certificates.pem")
        #expect(!sample.options.values.has("user"))
        #expect(plan.connection.servers == ["https://s"])
        #expect(plan.connection.trustedCertificates == "\(deployment.folder)/certificates.pem")
        #expect(!plan.connection.needsWebhook)
    }

    @Test func `knows which entries mean something else than before`() throws {
        let secret =
            #"{"id": "a", "kind": "sample", "access": {"policy": "open"}, "options": {"server": "https://s", "token": {"file": "secret"}}}"#
        let deployment = try Deployment(Deployment.manifest(surface: "\(Deployment.sound), \(secret)"))
        func fingerprints(_ environment: [String: String] = Deployment.environment) throws -> [String] {
            try deployment.load(environment).surfaces.map(\.fingerprint)
        }
        let first = try fingerprints()

        try deployment.write(
            Deployment.manifest("\"drainSeconds\": 3", surface: "\(Deployment.sound),\n\n\(secret)"),
            to: "surfaces.json"
        )
        #expect(try fingerprints() == first)

        try deployment.write("other", to: "secret")
        let second = try fingerprints()
        #expect(second[0] == first[0])
        #expect(second[1] != first[1])

        var environment = Deployment.environment
        environment["TOKEN"] = "other"
        let third = try fingerprints(environment)
        #expect(third[0] != first[0])
        #expect(third[1] == second[1])

        try deployment.write(
            Deployment.manifest(surface: "\(Deployment.sound.replacing("open", with: "allowlist"))"),
            to: "surfaces.json"
        )
        #expect(try fingerprints()[0] != first[0])
    }

    @Test func `tells where the host is asked for its status, whatever else is wrong`() throws {
        let deployment = try Deployment(#"{"http": {"listen": "0.0.0.0:9000"}, "version": 7}"#)

        #expect(try Manifest.adminAddress(deployment.path) == SocketAddress(host: "0.0.0.0", port: 9000))
        #expect(try Manifest.adminAddress(deployment.path).fromHere.description == "127.0.0.1:9000")
        #expect(throws: ManifestError.self) { try Manifest.adminAddress(Deployment("{").path) }
    }

    private static func context(_ id: SurfaceID) -> SurfaceContext {
        SurfaceContext(
            id: id,
            log: .silent,
            system: OperatingSystem(),
            state: NoState(),
            access: SurfaceAccess(respond: .mention) { _ in true },
            proxy: nil
        )
    }
}

private struct NoState: SurfaceState {
    func value(_ key: String) async throws(SurfaceError) -> String? { nil }
    func values(withPrefix prefix: String) async throws(SurfaceError) -> [String: String] { [:] }
    func apply(_ changes: [StateChange]) async throws(SurfaceError) {}
}
