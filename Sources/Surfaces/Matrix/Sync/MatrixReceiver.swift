import Basics
import SurfaceKit

/// Syncs over and over: what came is stored by the host before the next sync says that it arrived.
struct MatrixReceiver<Box: Inbox>: Sendable {
    private static var accountKey: String { "account" }

    /// How long the homeserver waits for news.
    private let poll = Duration.seconds(30)
    /// Most events of a room in one sync; what is more is fetched by pages.
    private let timelineLimit = 50
    /// Most events that a gap in a room is filled with, and most pages that are looked at for them.
    private let gapLimit = (events: 200, pages: 10)

    let client: MatrixClient
    let context: SurfaceContext
    let reader: SyncReader
    let quotes: QuoteReader
    let book: RoomBook
    let errands: ErrandRunner
    let askers: Askers
    let inbox: Box

    /// Refuses a checkpoint of another account: homeservers would take it, and mean something else by it.
    func confirmAccount(of checkpoint: Checkpoint?) async throws(SurfaceError) {
        guard checkpoint != nil, let account = try await context.state.value(Self.accountKey) else { return }
        if account != reader.mention.user {
            throw .refused(.checkpointLost, reason: "the checkpoint is of another account")
        }
    }

    func run(from checkpoint: Checkpoint?) async throws(SurfaceError) {
        let filter = SyncFilter.sync(for: reader.mention.user, limit: timelineLimit)
        var since = checkpoint?.rawValue
        var wait = Duration.zero
        while !Task.isCancelled {
            let began = ContinuousClock.now
            let response: SyncResponse
            do { response = try await client.sync(since: since, filter: filter, wait: wait) } catch {
                throw SurfaceError(error, while: .receiving)
            }
            if response.next != since {
                try await take(response, since: since)
            } else if wait > .zero, began.duration(to: .now) < .seconds(1) {
                // A server that does not wait must not be asked without pause.
                try await pause(.seconds(1))
            }
            since = response.next
            wait = poll
            await inbox.receiving(nextWithin: poll)
        }
        throw .cancelled
    }

    private func take(_ response: SyncResponse, since: String?) async throws(SurfaceError) {
        let before = try await book.rooms()
        let pending = await errands.all
        var response = response
        if let since { try await fillGaps(in: &response, since: since, rooms: before) }
        let outcome = reader.read(response, rooms: before, pending: pending, isBaseline: since == nil)
        var events: [InboundEvent] = []
        for draft in outcome.drafts { events.append(try await quotes.complete(draft)) }
        var changes = outcome.stateChanges(since: before, pending: pending)
        if since == nil { changes.append(StateChange(key: Self.accountKey, value: reader.mention.user)) }
        try await inbox.accept(events, checkpoint: Checkpoint(response.next), state: changes)
        await book.remember(outcome.rooms, instead: before)
        await errands.take(
            outcome.errands,
            settled: outcome.settled,
            heardFrom: events.map(\.conversation.chat.rawValue)
        )
        askers.note(events)
    }

    private func pause(_ duration: Duration) async throws(SurfaceError) {
        do { try await context.system.sleep(for: duration) } catch { throw .cancelled }
    }
}

// MARK: - Gaps

extension MatrixReceiver {
    /// Fetches what a sync left out of rooms that the bot was already in.
    ///
    /// In a room that it has just joined what is left out was said before.
    private func fillGaps(
        in response: inout SyncResponse,
        since: String,
        rooms: [String: Room]
    ) async throws(SurfaceError) {
        for (index, joined) in response.joined.enumerated() where joined.isLimited && rooms[joined.room] != nil {
            guard let start = joined.start else { continue }
            let gap = try await gap(in: joined.room, from: start, to: since)
            let present = Set(joined.timeline.compactMap(\.id))
            let missing = gap.events.filter { !present.contains($0.id ?? "") }
            response.joined[index].timeline = missing.reversed() + joined.timeline
            response.joined[index].state += gap.state
        }
    }

    private func gap(
        in room: String,
        from start: String,
        to end: String
    ) async throws(SurfaceError) -> (events: [MatrixEvent], state: [MatrixEvent]) {
        let filter = SyncFilter.page(for: reader.mention.user)
        var (events, state): ([MatrixEvent], [MatrixEvent]) = ([], [])
        var position: String? = start
        for _ in 0..<gapLimit.pages {
            guard let from = position, events.count < gapLimit.events else { break }
            let page: MessagePage
            do { page = try await client.messages(in: room, backFrom: from, to: end, filter: filter) } catch {
                // A room that has just been closed to the bot: what can be read was in the sync.
                let error = SurfaceError(error, while: .receiving)
                guard case .refused = error else { throw error }
                break
            }
            // Many rooms after a long absence take longer than a sync may: each page shows that something is heard.
            await inbox.receiving(nextWithin: poll)
            events += page.events
            state += page.state.filter { $0.type == "m.room.member" }
            // A page may be empty though others follow: what it holds is filtered afterwards by some homeservers.
            position = page.end == from ? nil : page.end
        }
        if position != nil { context.log.warning("Too many messages missed, oldest skipped", ["room": room]) }
        return (events, state)
    }
}
