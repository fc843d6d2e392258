/// The agent’s events, for one consumer; ends after ``AgentEvent/ended(_:)``.
///
/// Ending the iteration early or cancelling the task closes the connection, which is the only way to cancel a run.
/// Once the run is open nothing but ``AgentError/cancelled`` is thrown: whatever else goes wrong is an ending.
package struct AgentRun: AsyncSequence, Sendable {
    package typealias Element = AgentEvent
    package typealias Failure = AgentError

    private enum Source: Sendable {
        case agent(AgentStream)
        case scripted(AsyncStream<AgentEvent>)
    }

    private let source: Source

    init(_ stream: AgentStream) { source = .agent(stream) }

    /// A run that says what it is told, for a double of ``AgentApi``.
    package init(_ events: AsyncStream<AgentEvent>) { source = .scripted(events) }

    package func makeAsyncIterator() -> AsyncIterator {
        switch source {
        case .agent(let stream): AsyncIterator(agent: AgentStreamReader(stream))
        case .scripted(let events): AsyncIterator(scripted: events.makeAsyncIterator())
        }
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        /// One of them; apart, so that each is changed in place.
        fileprivate var agent: AgentStreamReader?
        fileprivate var scripted: AsyncStream<AgentEvent>.AsyncIterator?

        package mutating func next() async throws(AgentError) -> AgentEvent? { try await next(isolation: nil) }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(AgentError) -> AgentEvent? {
            if agent != nil { return try await agent?.next(isolation: actor) }
            let event = await scripted?.next(isolation: actor)
            if event == nil && Task.isCancelled { throw .cancelled }
            return event
        }
    }
}
