import AgentLink
import Basics
import Settings
import State
import SurfaceKit

@testable import Engine

/// Conversations over one store, with the surfaces and the agent of a test.
struct EngineScene {
    let desk: ConversationDesk
    let conversations: Conversations

    init(
        _ store: any StateStore,
        _ surfaces: [SurfaceRuntime],
        agent: any AgentApi = ScriptedAgent(),
        maxRuns: Int = 8,
        log: Log = .silent
    ) {
        let registry = SurfaceRegistry()
        for surface in surfaces { registry.add(surface) }
        let live = LiveSettings(.sample(agent: agent, maxRuns: maxRuns))
        desk = ConversationDesk(
            system: OperatingSystem(),
            store: store,
            settings: live,
            surfaces: registry,
            contexts: ContextLocks(),
            gate: RunGate(settings: live),
            drain: DrainSignal(),
            wakes: WakeRequests(),
            agent: AgentHealth(),
            layouts: LayoutWorkers(OperatingSystem()),
            log: log
        )
        conversations = Conversations(desk: desk)
    }

    init(_ store: any StateStore, _ surface: SurfaceRuntime, agent: any AgentApi = ScriptedAgent(), log: Log = .silent)
    {
        self.init(store, [surface], agent: agent, log: log)
    }

    /// Lets lanes run while `body` does, and returns when they have ended.
    func run(_ body: @Sendable (Conversations) async throws -> Void) async throws {
        let result: Result<Void, any Error> = await TaskScope.run(on: OperatingSystem()) { deliveries in
            let result: Result<Void, any Error> = await TaskScope.run(on: OperatingSystem()) { turns in
                conversations.open(turns: turns, deliveries: deliveries)
                do {
                    try await body(conversations)
                    return .success(())
                } catch {
                    // A test that failed must not wait for what will never come.
                    turns.cancelAll()
                    deliveries.cancelAll()
                    return .failure(error)
                }
            }
            await conversations.untilDelivered()
            return result
        }
        try result.get()
    }

    /// Delivers all that is owed in `conversation`.
    func deliver(_ conversation: ConversationID) async throws { try await run { $0.deliver(conversation) } }

    /// Asks all that waits in `conversation`, and delivers the answers.
    func ask(_ conversation: ConversationID) async throws { try await run { $0.ask(conversation) } }
}
