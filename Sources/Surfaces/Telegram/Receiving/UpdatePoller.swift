import Basics
import SurfaceKit

/// Receives updates by `getUpdates`: one call at a time, confirmed by the next one after the inbox has accepted.
struct UpdatePoller<Box: Inbox> {
    private enum Happening: Sendable {
        case polled([JSONValue])
        case failed(BotAPIError)
        /// Something that was held back may be complete.
        case due
    }

    /// How long the server holds a call back when nothing comes, in seconds; it takes at most 50.
    static var holdSeconds: Int64 { 30 }

    let api: BotAPI
    let context: SurfaceContext
    let inbox: Box
    let conflicts: ConflictWatch

    func run(_ desk: UpdateDesk, from checkpoint: Checkpoint?) async throws(SurfaceError) {
        var desk = desk
        let start = checkpoint.flatMap { Int64($0.rawValue) }
        try await accept(try await desk.restore(from: context.state), nil)
        let error: SurfaceError = await withTaskGroup(of: Happening.self) { group in
            var offset = start
            var waits = false
            var isFirst = true
            poll(offset, hold: 0, in: &group)
            while let happening = await group.next() {
                do throws(SurfaceError) {
                    switch happening {
                    case .due:
                        waits = false
                        try await accept(desk.due(at: .now), nil)
                    case .polled(let updates):
                        offset = try await take(updates, &desk, offset)
                        if !isFirst || !conflicts.isContested(at: .now) {
                            await inbox.receiving(nextWithin: .seconds(Self.holdSeconds))
                        }
                        isFirst = false
                        poll(offset, hold: Self.holdSeconds, in: &group)
                    case .failed(let error):
                        try await recover(from: error)
                        poll(offset, hold: 0, in: &group)
                    }
                } catch {
                    group.cancelAll()
                    return error
                }
                guard !waits, let due = desk.nextDue else { continue }
                waits = true
                group.addTask {
                    try? await Task.sleep(until: due, clock: .continuous)
                    return .due
                }
            }
            return .cancelled
        }
        throw error
    }

    private func poll(_ offset: Int64?, hold: Int64, in group: inout TaskGroup<Happening>) {
        group.addTask {
            var parameters = JSONObject()
            parameters["offset"] = offset.map { JSONValue($0) }
            parameters["timeout"] = JSONValue(hold)
            // Always: the server goes on with the list that it heard last, from whomever.
            parameters["allowed_updates"] = .array(UpdateReader.kinds.map { .string($0) })
            do throws(BotAPIError) {
                return .polled(try await api.call("getUpdates", parameters, waits: .seconds(hold)).array ?? [])
            } catch {
                return .failed(error)
            }
        }
    }

    /// - Returns: The offset of the next call, which makes the server forget these updates.
    private func take(
        _ updates: [JSONValue],
        _ desk: inout UpdateDesk,
        _ offset: Int64?
    ) async throws(SurfaceError) -> Int64? {
        // The last, not the largest: after a quiet week the numbers go on anywhere, also lower.
        guard let last = updates.last?["update_id"]?.int64, last < .max else { return offset }
        try await accept(desk.take(updates, at: .now), Checkpoint(String(last + 1)))
        return last + 1
    }

    private func accept(_ batch: UpdateDesk.Batch, _ checkpoint: Checkpoint?) async throws(SurfaceError) {
        guard checkpoint != nil || !batch.events.isEmpty || !batch.state.isEmpty else { return }
        try await inbox.accept(batch.events, checkpoint: checkpoint, state: batch.state)
    }

    /// Returns when the next call may succeed.
    private func recover(from error: BotAPIError) async throws(SurfaceError) {
        guard let failure = error.failure else { throw SurfaceError(error) }
        switch failure.remedy {
        case .removeWebhook:
            context.log.warning("A webhook was set on this bot: removing it, since updates are polled")
            do throws(BotAPIError) {
                _ = try await api.call("deleteWebhook")
            } catch {
                throw SurfaceError(error)
            }
        case .receiveAlone: throw conflicts.error(for: failure.description, at: .now)
        default: throw SurfaceError(error)
        }
    }
}
