/// Makes one direct call to the agent for each request: a fresh connection, nothing kept open.
///
/// It does not serialize: whoever calls keeps one run at a time for each thread.
package protocol AgentApi: Sendable {
    /// Opens a run and returns once the agent has accepted the request (status 200, event stream).
    ///
    /// - Parameter willSend: Called once, when the agent is connected and before the first byte of the body is sent:
    ///   from its return on the agent may act. Throwing abandons the request with nothing sent.
    func run(
        _ request: AgentRequest,
        willSend: @escaping @Sendable () async throws -> Void
    ) async throws(AgentError) -> AgentRun

    /// Asks the address for anything at all (GET), without a run, for `check --online`; returns the status.
    func probe() async throws(AgentError) -> Int
}
