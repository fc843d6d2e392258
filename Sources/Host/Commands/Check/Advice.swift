import AgentLink
import Basics
import HTTP
import SurfaceKit

/// What went wrong while connecting, and what an operator can do about it.
enum Advice {
    static func told(_ error: SurfaceError) -> String {
        switch error {
        case .unauthorized(let reason): reason
        case .unavailable(_, true, let reason): "\(reason); asked too often: wait, then try again"
        case .unavailable(_, false, let reason), .refused(_, let reason), .unknownOutcome(let reason): advised(reason)
        case .cancelled: "cancelled"
        }
    }

    static func told(_ error: AgentError) -> String {
        switch error {
        case .unreachable(_, let reason), .refused(_, let reason), .unknownOutcome(let reason), .timedOut(let reason):
            advised(reason)
        case .cancelled: "cancelled"
        }
    }

    static func told(_ error: HTTPError) -> String {
        switch error {
        case .notSent(let obstacle, let reason): "\(reason); \(advice(obstacle, reason))"
        case .interrupted(let reason), .timedOut(let reason), .invalidRequest(let reason): reason
        case .tooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .cancelled: "cancelled"
        }
    }

    /// `reason` begins with the name of the obstacle when the request was never sent.
    private static func advised(_ reason: String) -> String {
        let name = reason.prefix { $0 != ":" }
        guard let obstacle = HTTPError.Obstacle(rawValue: String(name)) else { return reason }
        let rest = reason.dropFirst(name.count + 1).trimmed()
        return "\(rest); \(advice(obstacle, rest))"
    }

    private static func advice(_ obstacle: HTTPError.Obstacle, _ reason: String) -> String {
        switch obstacle {
        case .nameResolution: "check the name in the address, and the DNS of this machine"
        case .connection: "check the address and the port, and whether a firewall is between"
        case .tls: "check that the port speaks TLS, or write http:// if it does not"
        case .certificate: certificate(reason)
        case .proxy: "check the proxy’s address and credentials"
        case .timeout: "nothing answered in time: check the address, and whether a firewall is between"
        }
    }

    /// What each trouble with a certificate means, by the words of OpenSSL and libcurl.
    private static let certificates = [
        (
            "has expired",
            "its certificate has run out: the server must renew it; if it has not, this machine’s clock is wrong"
        ),
        ("not yet valid", "its certificate begins in the future: check this machine’s clock"),
        ("subject name", "its certificate is for another name: check the name in the address, or what answers there"),
        (
            "self-signed certificate in certificate chain",
            "an authority that this machine does not know signed it, perhaps of a proxy that looks into TLS: install its root"
        ),
        (
            "self-signed",
            "the server signed its own certificate: give it one of an authority, or install that one as a root"
        ),
        (
            "self signed",
            "the server signed its own certificate: give it one of an authority, or install that one as a root"
        ),
        (
            "unable to get local issuer",
            "the server sends no whole chain, or this machine does not know its authority: install ca-certificates or its root"
        ),
    ]

    private static func certificate(_ reason: String) -> String {
        certificates.first { reason.contains($0.0) }?.1
            ?? "its certificate is not trusted here: check the name, its date and the installed roots"
    }
}
