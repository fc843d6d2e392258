import Basics
import HTTP
import Manifest
import Settings
import State
import SurfaceKit

/// Whether what a messenger posts to `webhooks.publicURL` comes to the host, as far as that can be seen from here.
///
/// The request carries no secret: the host refuses it, which is the proof that it came through.
struct WebhookCheck: Sendable {
    let what: String
    private let url: String
    private let isRunning: Bool

    /// - Returns: `nil` for a surface that nobody posts to.
    init?(_ plan: SurfaceSettings, _ webhooks: WebhookPlan, host: StateLock.Use) {
        guard plan.connection.needsWebhook, let publicURL = webhooks.publicURL else { return nil }
        what = "\(plan.id) webhook"
        url = "\(publicURL)/hooks/\(plan.id)"
        isRunning = host != .free
    }

    func finding() async -> Finding {
        let timeouts = HTTPTimeouts(idle: .seconds(10), total: .seconds(20))
        do {
            let status = try await HTTPClient().open(HTTPRequest("POST", url, timeouts: timeouts)).status
            let (ok, detail) = Self.verdict(status, isRunning: isRunning)
            return Finding(what, ok, "\(url) \(detail)")
        } catch {
            if case .notSent(.connection, let reason) = error, !isRunning {
                return Finding(what, true, "\(url): \(reason). No host runs: check again when it does")
            }
            return Finding(what, false, "\(url): \(Advice.told(error))")
        }
    }

    /// What the answer to a POST without a secret means.
    static func verdict(_ status: Int, isRunning: Bool) -> (ok: Bool, detail: String) {
        let pass = "let the reverse proxy pass /hooks/ unchanged to webhooks.listen"
        switch status {
        case 401 where isRunning: return (true, "leads to the host")
        case 503 where isRunning: return (true, "leads to the host, whose surface does not receive yet")
        case 404, 502, 503, 504:
            guard isRunning else { return (true, "answers \(status); no host runs: check again when it does") }
            return (false, "answers \(status), but not from the host: \(pass)")
        case 401, 403:
            return (false, "is refused (\(status)) on its way: the reverse proxy must ask for no login there")
        case 405: return (false, "takes no POST: \(pass)")
        case 300..<400: return (false, "is redirected (\(status)), which no messenger follows: write where it leads")
        default: return (false, "answers \(status), which is not the host’s answer: \(pass)")
        }
    }
}
