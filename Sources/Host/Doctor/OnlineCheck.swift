import AgentLink
import Basics
import HTTP
import SurfaceKit

/// Connects to each enabled surface and to the agent, without receiving, sending or running anything.
struct OnlineCheck: Sendable {
    let manifest: Manifest
    let agent: any AgentApi

    /// How long one connection may take.
    private static let patience = Duration.seconds(30)

    func trials() async -> [CheckReport.Trial] {
        let checks: [@Sendable () async -> CheckReport.Trial] =
            manifest.surfaces.filter(\.isEnabled).map { plan in { await identify(plan) } } + [{ await probe() }]
        return await withTaskGroup(of: (Int, CheckReport.Trial).self) { group in
            for (index, check) in checks.enumerated() { group.addTask { (index, await check()) } }
            var trials: [(Int, CheckReport.Trial)] = []
            for await trial in group { trials.append(trial) }
            return trials.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func identify(_ plan: SurfacePlan) async -> CheckReport.Trial {
        let what = plan.id.rawValue
        let surface = plan.make(
            SurfaceContext(
                id: plan.id,
                log: .silent,
                clock: ContinuousClock(),
                state: BorrowedState(surface: plan.id, database: manifest.state.database),
                access: SurfaceAccess(respond: plan.respond) { _ in false },
                proxy: plan.proxy
            )
        )
        let outcome = await within(Self.patience) { () async throws(SurfaceError) in try await surface.identify() }
        switch outcome {
        case .success(let identity):
            let name = identity.name == identity.id.rawValue ? "" : " (\(identity.name))"
            let detail = (["\(identity.id)\(name)"] + identity.remarks).joined(separator: ". ")
            return CheckReport.Trial(what: what, ok: true, detail: detail)
        case .failure(let error): return CheckReport.Trial(what: what, ok: false, detail: Advice.told(error))
        case nil: return CheckReport.Trial(what: what, ok: false, detail: "no answer within \(Self.patience.told)")
        }
    }

    private func probe() async -> CheckReport.Trial {
        let agent = agent
        switch await within(Self.patience, { () async throws(AgentError) in try await agent.probe() }) {
        case .success(let status):
            let derived = manifest.agent.configuration.derivedFromWebSocket
            let (ok, detail) = Advice.told(agentStatus: status, derived: derived)
            return CheckReport.Trial(what: "agent", ok: ok, detail: detail)
        case .failure(let error): return CheckReport.Trial(what: "agent", ok: false, detail: Advice.told(error))
        case nil: return CheckReport.Trial(what: "agent", ok: false, detail: "no answer within \(Self.patience.told)")
        }
    }
}

/// What `work` gives or throws, or `nil` when it takes longer than `patience`; it is then cancelled.
func within<Value: Sendable, Failure: Error>(
    _ patience: Duration,
    _ work: @escaping @Sendable () async throws(Failure) -> Value
) async -> Result<Value, Failure>? {
    await withTaskGroup(of: Result<Value, Failure>?.self) { group in
        group.addTask {
            do throws(Failure) { return .success(try await work()) } catch { return .failure(error) }
        }
        group.addTask {
            try? await Task.sleep(for: patience)
            return nil
        }
        defer { group.cancelAll() }
        return await group.next() ?? nil
    }
}

extension Duration {
    /// Whole seconds, in words.
    var told: String { "\(components.seconds) s" }
}
