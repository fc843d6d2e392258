import HTTP

extension AgentError {
    /// What a failed exchange means.
    ///
    /// - Parameter sent: How much of the request the agent can have seen.
    init(_ error: HTTPError, sent: RequestBodyReader.Progress) {
        switch (error, sent) {
        case (.cancelled, _), (_, .abandoned):
            self = .cancelled
        case (_, .broken):
            self = .refused(.unsendable, reason: "a file of the message changed while it was sent")
        case (.timedOut(let reason), .wholly):
            self = .timedOut(reason: reason)
        case (.interrupted(let reason), .wholly):
            self = .unknownOutcome(reason: reason)
        case (.interrupted(let reason), _), (.timedOut(let reason), _):
            self = .unreachable(retryAfter: nil, reason: reason)
        case (.notSent, _):
            self = .unreachable(retryAfter: nil, reason: error.description)
        case (.invalidRequest(let reason), _):
            self = .refused(.unsendable, reason: reason)
        case (.tooLarge, _):
            self = .unknownOutcome(reason: error.description)
        }
    }

    /// Why `response` is not the beginning of a run; `nil` when it is.
    ///
    /// The status counts before the content type: a proxy may answer 500 with an event stream.
    init?(_ response: HTTPResponse, _ configuration: AgentConfiguration) {
        let status = response.status
        let reason = "the agent answered \(status)"
        switch status {
        case 200:
            let type = (response.headers["Content-Type"] ?? "").prefix { $0 != ";" }
            guard type.lowercased().filter({ $0 != " " }) != "text/event-stream" else { return nil }
            self = .refused(.failure(status: status), reason: reason + " without an event stream")
        case 401, 403:
            self = .refused(.unauthorized, reason: reason)
        case 404, 405, 426:
            let hint = configuration.derivedFromWebSocket ? "; it may speak WebSocket only" : ""
            let refusal = Refusal.notFound(maySpeakWebSocketOnly: configuration.derivedFromWebSocket)
            self = .refused(refusal, reason: reason + hint)
        case 400, 413, 415, 422:
            self = .refused(.unacceptable(status: status), reason: reason)
        // A run on this thread is not over yet, or there are too many.
        case 409, 423, 425, 429, 503, 529:
            let retryAfter = RetryAfter.parse(response.headers["Retry-After"])
            self = .unreachable(retryAfter: retryAfter, reason: reason)
        case 300...399:
            self = .refused(.failure(status: status), reason: reason + ", a redirect, which is not followed")
        default:
            self = .refused(.failure(status: status), reason: reason)
        }
    }
}
