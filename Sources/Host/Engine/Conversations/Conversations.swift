import Basics
import State
import SurfaceKit
import Synchronization

/// The conversations in which something happens now; one that is idle is not kept.
final class Conversations: Sendable {
    private struct Open {
        let turns: LaneScope
        let deliveries: LaneScope
        var conversations: [ConversationID: Conversation] = [:]
        /// How many there were after the last look for idle ones.
        var kept = 0

        /// Memory follows the conversations that are busy; looks only when there are twice as many as were kept last.
        mutating func forgetIdle() {
            guard conversations.count >= max(64, kept * 2) else { return }
            conversations = conversations.filter { !$0.value.isIdle }
            kept = conversations.count
        }
    }

    /// How long a turn that is cut off may take to write down its end.
    private static let lastWords = Duration.seconds(3)

    private let desk: ConversationDesk
    private let turns = LaneCensus()
    private let deliveries = LaneCensus()
    private let state = Mutex<Open?>(nil)

    init(desk: ConversationDesk) { self.desk = desk }

    /// Lets lanes run, as children of these scopes.
    func open(turns: TaskScope, deliveries: TaskScope) {
        let open = Open(
            turns: LaneScope(system: desk.system, scope: turns, census: self.turns),
            deliveries: LaneScope(system: desk.system, scope: deliveries, census: self.deliveries)
        )
        state.withLock { $0 = open }
    }

    // MARK: Waking

    func ask(_ id: ConversationID) { wake(id) { $0.asking.wake() } }

    func deliver(_ id: ConversationID) {
        wake(id) { conversation in
            conversation.stage.noteNews()
            conversation.delivering.wake()
        }
    }

    /// Wakes every conversation in which a question waits or something is owed.
    func wakeAll() async throws {
        let (waiting, owed) = try await desk.store.read { state in
            (try state.conversationsWithWaitingTurns(), try state.conversationsOwed())
        }
        for id in waiting { ask(id) }
        for id in owed { deliver(id) }
    }

    // Woken within the lock: a conversation that is forgotten meanwhile would run beside its successor.
    private func wake(_ id: ConversationID, _ wake: (Conversation) -> Void) {
        state.withLock { open in
            guard let turns = open?.turns, let deliveries = open?.deliveries else { return }
            if let known = open?.conversations[id] { return wake(known) }
            open?.forgetIdle()
            let conversation = Conversation(id, desk, turns: turns, deliveries: deliveries)
            open?.conversations[id] = conversation
            wake(conversation)
        }
    }

    /// How many are kept.
    var count: Int { state.withLock { $0?.conversations.count ?? 0 } }

    /// In the order of their numbers, so that what happens to all happens in the same order each time.
    private var all: [Conversation] {
        state.withLock { Array($0?.conversations.values ?? [:].values) }.sorted { $0.id.number < $1.id.number }
    }

    // MARK: Ending turns

    /// Ends the running turn of the context.
    func end(context: ContextID, as ending: TurnRecord.Ending) {
        for conversation in all { conversation.stage.turn.map { if $0.context == context { $0.end(as: ending) } } }
    }

    func end(turn: TurnID, as ending: TurnRecord.Ending) {
        for conversation in all { conversation.stage.turn.map { if $0.turn == turn { $0.end(as: ending) } } }
    }

    func end(conversation id: ConversationID, as ending: TurnRecord.Ending) {
        state.withLock { $0?.conversations[id] }?.stage.turn?.end(as: ending)
    }

    /// The turns of a surface that was switched off are cut off; the others go on.
    func surfaceStopped(_ surface: SurfaceID) async {
        let running = all.compactMap(\.stage.turn).filter { $0.surface == surface }
        for turn in running { turn.end(as: .cut) }
        for turn in running { await turn.untilFinished() }
    }

    // MARK: The end

    /// Begins no turn any more, lets the running ones go on for `patience`, then cuts them off.
    func drain(patience: Duration, turns scope: TaskScope) async {
        desk.drain.begin()
        desk.gate.close()
        for conversation in all { conversation.asking.wake() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.turns.untilIdle() }
            group.addTask {
                guard (try? await self.desk.system.sleep(for: patience)) != nil else { return }
                for conversation in self.all { conversation.stage.turn?.end(as: .cut) }
                guard (try? await self.desk.system.sleep(for: Self.lastWords)) != nil else { return }
                self.desk.log.error("The end of a turn cannot be stored: it is left to the next start")
                scope.cancelAll()
            }
            await group.next()
            group.cancelAll()
        }
        await turns.untilIdle()
    }

    /// Returns when nothing is being delivered.
    func untilDelivered() async { await deliveries.untilIdle() }
}

extension Conversations {
    /// Does what follows from an accepted event, after it is stored.
    func follow(_ consequence: Intake.Consequence, on surface: SurfaceID, _ log: Log) async {
        switch consequence {
        case .accepted(let message): log.info("Message accepted", message.fields)
        case .ask(let conversation): ask(conversation)
        case .deliver(let conversation): deliver(conversation)
        case .end(let context, let ending): end(context: context, as: ending)
        case .endIn(let conversation, let ending): end(conversation: conversation, as: ending)
        case .endTurn(let turn, let ending): end(turn: turn, as: ending)
        case .freed(let context): desk.contexts.wake(context)
        case .seen(let message, let address): markRead(message, address, surface)
        case .suspect(let account, .wrongLinkCode):
            log.warning("A wrong link code was typed", ["person": account.person])
        case .suspect(let account, .tooManyLinkCodes):
            log.warning("Link codes are refused for an hour", ["person": account.person])
        case .setAside(let event, let reason):
            log.error("An event could not be handled and was set aside", ["event": event, "reason": reason])
        case .damaged(let row, let reason):
            log.error("A row of the state could not be read and was given up", ["row": row, "reason": reason])
        }
    }

    private func markRead(_ message: MessageID, _ address: ConversationAddress, _ surface: SurfaceID) {
        guard let runtime = desk.surfaces[surface] else { return }
        state.withLock { $0?.deliveries.scope }?.add {
            _ = try? await runtime.surface.perform(.markRead(message, in: address), as: OperationID("r"))
        }
    }
}
