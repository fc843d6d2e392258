/// Why a run never began, named after what the host does next.
///
/// `reason` is for a person who runs the host: a status and our own words, never what the agent wrote.
package enum AgentError: Error, Hashable {
    /// Nothing was accepted: worth another attempt.
    case unreachable(retryAfter: Duration?, reason: String)
    /// The agent answered that it will not: the same request will fail again.
    case refused(Refusal, reason: String)
    /// The request was sent and no answer came: it may have run.
    case unknownOutcome(reason: String)
    /// The request was sent and no answer came for longer than the idle timeout, or until the deadline: it may have run.
    case timedOut(reason: String)
    /// The task was cancelled, or `willSend` threw. The connection is closed.
    case cancelled

    package enum Refusal: Hashable, Sendable {
        /// 401, 403.
        case unauthorized
        /// 404, 405, 426: nothing at this address speaks the protocol. `maySpeakWebSocketOnly` when the address was
        /// derived from `AGENT_WS_URL`.
        case notFound(maySpeakWebSocketOnly: Bool)
        /// 400, 413, 415, 422: the request’s form.
        case unacceptable(status: Int)
        /// Any other status, or a success that is not an event stream.
        case failure(status: Int)
        /// Nothing was sent: the address is no URL, or a file of the request is gone.
        case unsendable
    }
}

extension AgentError: CustomStringConvertible {
    /// For the operator.
    package var reason: String {
        switch self {
        case .unreachable(_, let reason), .refused(_, let reason), .unknownOutcome(let reason), .timedOut(let reason):
            reason
        case .cancelled: "cancelled"
        }
    }

    package var description: String { reason }
}
