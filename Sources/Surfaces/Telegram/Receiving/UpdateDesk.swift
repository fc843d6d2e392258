import Basics
import SurfaceKit

/// Makes of updates what an inbox accepts: events that are complete, and the pieces of others, kept in the state.
///
/// So an update may be confirmed to Telegram while the album that it belongs to is still coming.
struct UpdateDesk {
    /// What belongs into one transaction.
    struct Batch {
        var events: [InboundEvent] = []
        var state: [StateChange] = []
    }

    private static let prefix = "part."
    /// How many messages are remembered, so that one that is delivered again joins nothing a second time.
    private static let memory = 1000

    private let reader: UpdateReader
    private var gatherer = Gatherer()
    private var seen: [EventID] = []

    var nextDue: ContinuousClock.Instant? { gatherer.nextDue }

    init(reader: UpdateReader) { self.reader = reader }

    /// Takes up the pieces that were kept when the last receiving ended.
    mutating func restore(from state: some SurfaceState) async throws(SurfaceError) -> Batch {
        var updates: [(id: Int64, update: JSONValue)] = []
        for (key, text) in try await state.values(withPrefix: Self.prefix) {
            guard let id = Int64(key.dropFirst(Self.prefix.count)), let update = try? JSONValue(parsing: text.utf8)
            else { continue }
            updates.append((id, update))
        }
        return take(updates.sorted { $0.id < $1.id }.map(\.update), at: .now)
    }

    mutating func take(_ updates: [JSONValue], at now: ContinuousClock.Instant) -> Batch {
        var batch = Batch()
        var texts: [Int64: String] = [:]
        for update in updates {
            guard let id = update["update_id"]?.int64, let reading = reader.read(update) else { continue }
            switch reading {
            case .event(let event): add(gatherer.take(event, update: id), to: &batch)
            case .part(let part):
                guard isNew(part.event.id) else { continue }
                add(gatherer.take(part, update: id, at: now), to: &batch)
                texts[id] = update.text
            }
        }
        for id in gatherer.heldUpdates.sorted() {
            guard let text = texts[id] else { continue }
            batch.state.append(StateChange(key: "\(Self.prefix)\(id)", value: text))
        }
        return batch
    }

    mutating func due(at now: ContinuousClock.Instant) -> Batch {
        var batch = Batch()
        add(gatherer.due(at: now), to: &batch)
        return batch
    }

    private func add(_ ready: [Gatherer.Ready], to batch: inout Batch) {
        for item in ready {
            batch.events.append(item.event)
            batch.state += item.updates.map { StateChange(key: "\(Self.prefix)\($0)", value: nil) }
        }
    }

    private mutating func isNew(_ id: EventID) -> Bool {
        guard !seen.contains(id) else { return false }
        if seen.count >= Self.memory { seen.removeFirst(Self.memory / 2) }
        seen.append(id)
        return true
    }
}
