import Basics

/// Something that goes wrong on demand.
package struct SimulatorFault: Sendable {
    package enum Kind: Sendable, Hashable {
        case tooManyRequests(retryAfter: Int64)
        /// An answer in HTML, as a front end gives it.
        case badGateway
        /// An error of the messenger's own: its status, and what it says.
        case error(code: Int, description: String)
        /// No answer until the client gives up; nothing is done.
        case hang
        /// The connection ends without an answer; nothing is done.
        case drop
        /// Done, and the connection ends without an answer.
        case applyThenDrop
    }

    package let kind: Kind
    /// The method or endpoint that it hits, in any case; `nil` for every one.
    package let method: String?
    /// Only calls whose parameters hold this text.
    package let containing: String?
    /// Calls that are let through before.
    package var skip: Int
    /// Calls that are hit.
    package var times: Int

    package init(_ kind: Kind, method: String? = nil, containing: String? = nil, skip: Int = 0, times: Int = 1) {
        self.kind = kind
        self.method = method
        self.containing = containing
        self.skip = skip
        self.times = times
    }
}

extension SimulatorFault {
    /// As `POST /control/fault` describes it.
    init?(_ body: JSONValue) {
        guard let kind = Kind(body) else { return nil }
        self.init(
            kind,
            method: body["method"]?.string,
            containing: body["containing"]?.string,
            skip: Int(body["skip"]?.int64 ?? 0),
            times: Int(body["times"]?.int64 ?? 1)
        )
    }
}

extension SimulatorFault.Kind {
    /// Reads what another process asked for.
    init?(_ body: JSONValue) {
        switch body["kind"]?.string {
        case "429": self = .tooManyRequests(retryAfter: body["retry_after"]?.int64 ?? 1)
        case "502": self = .badGateway
        case "error":
            self = .error(
                code: Int(body["code"]?.int64 ?? 400),
                description: body["description"]?.string ?? "Bad Request"
            )
        case "hang": self = .hang
        case "drop": self = .drop
        case "apply-then-drop": self = .applyThenDrop
        default: return nil
        }
    }
}

extension [SimulatorFault] {
    /// The fault that hits a call, if one does; it is used up by that.
    ///
    /// - Parameter text: What the call says, for faults that look for something in it.
    mutating func strike(_ method: String, saying text: @autoclosure () -> String) -> SimulatorFault.Kind? {
        for index in indices where self[index].times > 0 {
            let fault = self[index]
            if let only = fault.method, only.lowercased() != method.lowercased() { continue }
            if let part = fault.containing, !text().contains(part) { continue }
            if fault.skip > 0 {
                self[index].skip -= 1
                continue
            }
            self[index].times -= 1
            return fault.kind
        }
        return nil
    }
}
