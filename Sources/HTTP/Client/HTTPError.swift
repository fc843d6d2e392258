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
    package enum Obstacle: String, Hashable, Sendable {
        case nameResolution, connection, tls, certificate, proxy, timeout
    }
}
