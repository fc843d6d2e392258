import Basics

/// A call that the simulator answered.
package struct SimulatedCall: Sendable {
    package let method: String
    package let parameters: JSONObject
    /// What the server did with it: 200, or the code of its error.
    package let code: Int
    package let at: ContinuousClock.Instant
}

extension SimulatedCall {
    var json: JSONValue {
        ["method": .string(method), "parameters": .object(parameters), "code": JSONValue(code)]
    }
}
