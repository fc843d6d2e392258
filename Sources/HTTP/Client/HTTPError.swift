/// Why an exchange gave no complete response, named after what a caller may conclude.
package enum HTTPError: Error, Hashable {
    /// Nothing of the request reached the server: it is safe to repeat.
    case notSent(Obstacle, reason: String)
    /// The request was sent, in part or whole, and the response did not come to its end: it may have been acted on.
    case interrupted(reason: String)
    /// As ``interrupted(reason:)``, because it took longer than its ``HTTPTimeouts`` allow.
    case timedOut(reason: String)
    /// The body is longer than the caller allowed.
    case tooLarge(limit: Int)
    /// The request cannot be sent as it is (bad URL, unreadable file).
    case invalidRequest(reason: String)
    /// The task was cancelled; the connection is closed.
    case cancelled

    /// What stood between us and the server.
    ///
    /// Its raw value is how a reason begins, for an operator.
    package enum Obstacle: String, Hashable, Sendable {
        case nameResolution = "name resolution"
        case connection, certificate, proxy, timeout
        case tls = "TLS"
    }
}

extension HTTPError: CustomStringConvertible {
    /// For the operator: no address, no secret.
    package var description: String {
        switch self {
        case .notSent(let obstacle, let reason): "\(obstacle.rawValue): \(reason)"
        case .interrupted(let reason), .timedOut(let reason), .invalidRequest(let reason): reason
        case .tooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .cancelled: "cancelled"
        }
    }
}
