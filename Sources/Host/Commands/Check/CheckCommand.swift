import AgentLink
import Basics
import Manifest
import Settings
import SurfaceKit

/// `surfaces check`: tells what would happen, without running the host.
struct CheckCommand: Sendable {
    let catalog: SurfaceCatalog
    let console: Console

    func run(_ request: CheckRequest, _ environment: [String: String]) async -> ExitCode {
        var report = CheckReport()
        do throws(ManifestError) {
            let manifest = try Manifest.load(request.manifest, environment: environment, catalog: catalog)
            report.reach = manifest.surfaces.map(\.reach)
            if !request.json { console.print(Self.summary(of: manifest, named: request.manifest)) }
            let agent = DirectAgent(manifest.agent.configuration)
            let progress = ProgressLine(isWanted: !request.json)
            if request.online {
                report.online += await OnlineCheck(manifest: manifest, agent: agent, progress: progress).trials()
            }
            if request.smoke { report.online += await SmokeTest(agent: agent, progress: progress).trials() }
            if !request.json, !report.online.isEmpty { console.print(Self.trials(report.online)) }
        } catch {
            report.mistakes = error.mistakes
            for mistake in error.mistakes { console.complain(mistake.line(in: request.manifest)) }
        }
        if request.json { console.print(report.json.text) }
        return report.exitCode
    }

    private static func summary(of manifest: Manifest, named name: String) -> String {
        let rows = manifest.surfaces.map { [$0.id.rawValue, $0.kind.rawValue, $0.reach.who] }
        return """
            \(name): no mistakes

            Agent: \(manifest.agent.told)

            Who can reach it:
            \(rows.isEmpty ? "  nobody: the manifest lists no surface" : Table(rows).text)
            """
    }

    private static func trials(_ trials: [CheckReport.Trial]) -> String {
        "\nTried:\n\(Table(trials.map { [$0.ok ? "ok" : "FAILED", $0.what, $0.detail] }).text)"
    }
}

extension AgentPlan {
    /// In words; without the query of the address, which may hold a key.
    fileprivate var told: String {
        let address = configuration.url.prefix { $0 != "?" }
        let codec =
            switch configuration.codec {
            case .agUI: "AG-UI"
            case .openAI(let model): "OpenAI chat completions, model \(model)"
            }
        let origin = addressSource == .manifest ? "from the manifest" : "from \(addressSource.rawValue)"
        let deprecated = addressSource == .webSocketVariable ? ", which is deprecated: set AGENT_BASE_URL" : ""
        return "\(address) (\(codec); \(origin)\(deprecated))"
    }
}
