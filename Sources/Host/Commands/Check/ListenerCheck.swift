import Basics
import HTTP
import Manifest
import Settings
import State
import SurfaceKit

/// Whether the host can listen where it should, or does so already.
struct ListenerCheck: Sendable {
    let manifest: Manifest
    let host: StateLock.Use

    func finding() async -> Finding {
        var trials = [await trial("http.listen", manifest.adminAddress) { await isAdmin($0) }]
        if manifest.webhooks.publicURL != nil {
            trials.append(await trial("webhooks.listen", manifest.webhooks.address) { await isWebhooks($0) })
        }
        return Finding(trials)
    }

    private func trial(
        _ what: String,
        _ address: SocketAddress,
        isOurs: (SocketAddress) async -> Bool
    ) async -> CheckReport.Trial {
        func answer(_ ok: Bool, _ detail: String) -> CheckReport.Trial {
            CheckReport.Trial(what: what, ok: ok, detail: detail)
        }
        let isRunning = host != .free
        switch await obstacle(to: address) {
        case nil where address.port == 0: return answer(true, "any port that is free")
        case nil where isRunning:
            return answer(true, "\(address) is free; the host that runs listens elsewhere, until it is restarted")
        case nil: return answer(true, "\(address) is free")
        case .addressInUse:
            guard await isOurs(address.fromHere) else {
                return answer(
                    false,
                    "\(address) is in use by another program (ss -ltnp shows it): end that, or choose another port"
                )
            }
            guard isRunning else {
                return answer(false, "\(address) is in use by the host of another manifest: choose another port")
            }
            return answer(true, "the host listens at \(address)")
        case .notPossible(_, let reason):
            return answer(
                false,
                "cannot listen at \(address): \(reason); take an address of this machine or 0.0.0.0, and a port from 1024 on"
            )
        }
    }

    /// Listens for a moment.
    private func obstacle(to address: SocketAddress) async -> HTTPListenerError? {
        do {
            try await HTTPListener(address: address).serve({ _ in HTTPServerResponse(status: 503) }) { _ in }
            return nil
        } catch let error as HTTPListenerError {
            return error
        } catch {
            return .notPossible(address, reason: "\(error)")
        }
    }

    private func isAdmin(_ address: SocketAddress) async -> Bool {
        guard let reply = await get("http://\(address)/status"), reply.status == 200 else { return false }
        let status = try? JSONValue(parsing: reply.body)
        return status?["surfaces"] != nil && status?["version"] != nil
    }

    /// Ours refuses a GET where a surface receives, and knows no other address.
    private func isWebhooks(_ address: SocketAddress) async -> Bool {
        let surface = manifest.surfaces.first { $0.isEnabled && $0.connection.needsWebhook }?.id.rawValue
        guard let reply = await get("http://\(address)/hooks/\(surface ?? "-")") else { return false }
        return reply.status == (surface == nil ? 404 : 405)
    }

    private func get(_ url: String) async -> HTTPReply? {
        try? await HTTPClient().send(HTTPRequest("GET", url, timeouts: HTTPTimeouts(total: .seconds(10))))
    }
}
