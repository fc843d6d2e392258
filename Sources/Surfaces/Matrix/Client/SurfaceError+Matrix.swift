import HTTP
import SurfaceKit

/// What was being done when a call failed; the same answer means different things.
enum MatrixDeed {
    case receiving
    /// Sending into a room, or changing what is there.
    case speaking
    /// Editing or withdrawing a message.
    case amending
    /// Anything else: media, account data, the account itself.
    case asking
}

extension SurfaceError {
    /// What the host should conclude from `fault`.
    init(_ fault: MatrixFault, while deed: MatrixDeed) {
        switch fault {
        case .stopped(let error): self = error
        case .malformed(let reason): self = .unavailable(reason: reason)
        case .unanswered(let error): self.init(error, while: deed)
        case .refused(let refusal): self.init(refusal, while: deed)
        }
    }

    private init(_ error: HTTPError, while deed: MatrixDeed) {
        switch error {
        case .notSent: self = .unavailable(reason: error.description)
        case .interrupted(let reason), .timedOut(let reason):
            // A question may be asked again; only a deed may have been done unseen.
            switch deed {
            case .receiving, .asking: self = .unavailable(reason: reason)
            case .speaking, .amending: self = .unknownOutcome(reason: reason)
            }
        case .tooLarge: self = .refused(.tooLarge, reason: error.description)
        case .invalidRequest(let reason): self = .refused(.other, reason: reason)
        case .cancelled: self = .cancelled
        }
    }

    private init(_ refusal: MatrixRefusal, while deed: MatrixDeed) {
        let reason = refusal.reason
        if refusal.isRateLimit {
            self = .unavailable(retryAfter: refusal.retryAfter, limited: true, reason: reason)
            return
        }
        switch (refusal.status, deed) {
        case (413, _): self = .refused(.tooLarge, reason: reason)
        case (500..., _): self = .unavailable(retryAfter: refusal.retryAfter, reason: reason)
        // Nothing that speaks Matrix: a proxy's page, a captive portal.
        case (_, _) where refusal.code == nil: self = .unavailable(reason: "not a Matrix answer: \(reason)")
        case (401, _):
            let remedy = "make a new access token and set it, or check user and password"
            self = .unauthorized(reason: "\(reason); the homeserver refuses the bot’s session: \(remedy)")
        case (403, _) where refusal.code == "M_USER_DEACTIVATED":
            let remedy = "have it activated again, or use another one"
            self = .unauthorized(reason: "\(reason); the account is deactivated: \(remedy)")
        case (400, .receiving) where refusal.complains(about: ["stream token", "since"]):
            self = .refused(.checkpointLost, reason: reason)
        case (403, .speaking), (403, .amending): self = .refused(.conversationGone, reason: reason)
        case (404, .amending): self = .refused(.messageGone, reason: reason)
        case (400, .amending) where refusal.complains(about: ["unknown event"]):
            self = .refused(.messageGone, reason: reason)
        default: self = .refused(.other, reason: reason)
        }
    }
}

extension MatrixRefusal {
    // M_UNKNOWN stands for a dozen different things: only the text tells them apart.
    fileprivate func complains(about subjects: [String]) -> Bool {
        guard code == "M_UNKNOWN" || code == "M_INVALID_PARAM" else { return false }
        return subjects.contains { text.lowercased().contains($0) }
    }
}
