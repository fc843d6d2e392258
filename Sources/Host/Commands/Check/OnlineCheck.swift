import AgentLink
import Basics
import HTTP
import Manifest
import Settings
import State
import SurfaceKit

/// Looks at everything that a running host needs: this machine, each enabled surface, the agent.
///
/// Nothing is received, sent or run, and a host that runs is not disturbed.
struct OnlineCheck: Sendable {
    /// One part, under the name by which it is waited for.
    private struct Part: Sendable {
        let name: String
        let look: @Sendable () async -> Finding
    }

    let manifest: Manifest
    let agent: any AgentApi
    let progress: ProgressLine

    /// How long one connection may take.
    private static let patience = Duration.seconds(30)

    /// In the order of the parts, the clock last.
    func trials() async -> [CheckReport.Trial] {
        let parts = parts()
        let findings = await withTaskGroup(of: (Int, Finding).self) { group in
            for (index, part) in parts.enumerated() { group.addTask { (index, await part.look()) } }
            var findings: [Int: Finding] = [:]
            progress.show(Self.waiting(for: parts, without: findings))
            for await (index, finding) in group {
                findings[index] = finding
                progress.show(Self.waiting(for: parts, without: findings))
            }
            return findings.sorted { $0.key < $1.key }.map(\.value)
        }
        progress.clear()
        let clock = ClockReading.judged(findings.flatMap(\.clocks))
        return findings.flatMap(\.trials) + (clock.map { [$0] } ?? [])
    }

    private static func waiting(for parts: [Part], without found: [Int: Finding]) -> String {
        let open = parts.indices.filter { found[$0] == nil }.map { parts[$0].name }
        return "Checking (\(found.count) of \(parts.count)): \(open.joined(separator: ", "))"
    }

    private func parts() -> [Part] {
        let host = StateLock.use(of: manifest.state.path)
        let machine = [
            Part(name: "state") { StateCheck(plan: manifest.state, host: host).finding },
            Part(name: "listeners") { await ListenerCheck(manifest: manifest, host: host).finding() },
        ]
        let surfaces = manifest.surfaces.filter(\.isEnabled).flatMap { plan in
            ConnectionCheck.all(of: plan).map { check in Part(name: check.name) { await check.finding() } }
                + [Part(name: plan.id.rawValue) { await identify(plan) }]
                + (WebhookCheck(plan, manifest.webhooks, host: host).map { check in
                    [Part(name: check.what) { await check.finding() }]
                } ?? [])
        }
        let configuration = manifest.agent.configuration
        let connection = ConnectionCheck(what: "agent", address: configuration.url, proxy: configuration.proxy)
        let agents =
            (connection.map { check in [Part(name: check.name) { await check.finding() }] } ?? [])
            + [Part(name: "agent") { await probe() }]
        return machine + surfaces + agents
    }

    private func identify(_ plan: SurfaceSettings) async -> Finding {
        let what = plan.id.rawValue
        let surface = plan.surface(
            in:
                SurfaceContext(
                    id: plan.id,
                    log: .silent,
                    system: OperatingSystem(),
                    state: BorrowedState(surface: plan.id, database: manifest.state.database),
                    access: SurfaceAccess(respond: plan.respond) { _ in false },
                    proxy: plan.proxy
                )
        )
        let outcome = await within(Self.patience) { () async throws(SurfaceError) in try await surface.identify() }
        switch outcome {
        case .success(let identity):
            let name = identity.name == identity.id.rawValue ? "" : " (\(identity.name))"
            return Finding(what, true, (["\(identity.id)\(name)"] + identity.remarks).joined(separator: ". "))
        case .failure(let error): return Finding(what, false, Advice.told(error))
        case nil: return Finding(what, false, "no answer within \(Self.patience.told)")
        }
    }

    private func probe() async -> Finding {
        let agent = agent
        switch await within(Self.patience, { () async throws(AgentError) in try await agent.probe() }) {
        case .success(let status):
            let (ok, detail) = Advice.told(agentStatus: status, manifest.agent.configuration)
            return Finding("agent", ok, detail)
        case .failure(let error): return Finding("agent", false, Advice.told(error))
        case nil: return Finding("agent", false, "no answer within \(Self.patience.told)")
        }
    }
}
