import AgentLink
import Basics
import HTTP
import SurfaceKit

/// What went wrong while connecting, and what an operator can do about it.
enum Advice {
    static func told(_ error: SurfaceError) -> String {
        switch error {
        case .unauthorized(let reason): "\(reason); the credentials are refused: make new ones and set them"
        case .unavailable(_, true, let reason): "\(reason); asked too often: wait, then try again"
        case .unavailable(_, false, let reason), .refused(_, let reason), .unknownOutcome(let reason): advised(reason)
        case .cancelled: "cancelled"
        }
    }

    static func told(_ error: AgentError) -> String {
        switch error {
        case .unreachable(_, let reason), .refused(_, let reason), .unknownOutcome(let reason): advised(reason)
        case .cancelled: "cancelled"
        }
    }

    /// What the agent’s answer to a GET means; nothing has been run.
    ///
    /// - Parameter derived: Whether the address came from `AGENT_WS_URL`.
    static func told(agentStatus status: Int, derived: Bool) -> (ok: Bool, detail: String) {
        let socket = derived && [404, 405, 426].contains(status) ? "; it may speak WebSocket only" : ""
        let (ok, meaning) =
            switch status {
            case 401, 403: (false, "answers, but refuses the key: check agent.apiKey or AGENT_API_KEY")
            case 404: (true, "answers, but has nothing at this address for a GET: check the path if runs fail, too")
            case 405: (true, "answers; it takes no GET here, as is usual where runs are posted")
            case 426: (false, "answers, but wants another protocol than HTTP")
            case 300..<400:
                (false, "answers with a redirect, which is not followed: write the address that it leads to")
            case 500...: (false, "answers that it is broken")
            default: (true, "answers")
            }
        return (ok, "\(meaning) (status \(status))\(socket)")
    }

    /// `reason` begins with the name of the obstacle when the request was never sent.
    private static func advised(_ reason: String) -> String {
        let name = reason.prefix { $0 != ":" }
        guard let obstacle = HTTPError.Obstacle(rawValue: String(name)) else { return reason }
        let advice =
            switch obstacle {
            case .nameResolution: "check the name in the address, and the DNS of this machine"
            case .connection: "check the address and the port, and whether a firewall is between"
            case .tls: "check that the port speaks TLS, or write http:// if it does not"
            case .certificate: "its certificate is not trusted here: check the name, its date and the installed roots"
            case .proxy: "check the proxy’s address and credentials"
            case .timeout: "nothing answered in time: check the address, and whether a firewall is between"
            }
        return "\(reason.dropFirst(name.count + 1).trimmed()); \(advice)"
    }
}
