import Basics
import SurfaceKit

/// Receives updates by long polling: one call at a time; its marker goes on only after the inbox has accepted.
struct UpdatePoller<Box: Inbox>: Sendable {
    /// How long the server holds a call back when nothing comes, in seconds; it takes at most 30.
    static var holdSeconds: Int64 { 30 }
    /// Most updates of one answer that the server allows.
    static var mostUpdates: Int64 { 100 }
    /// A subscription that somebody makes meanwhile takes all updates away without a word.
    static var subscriptionCheck: Duration { .seconds(60) }

    let api: MaxAPI
    let context: SurfaceContext
    let inbox: Box
    let pace: PollPace
    let oddities: OddityCount

    func run(_ reader: UpdateReader, from checkpoint: Checkpoint?) async throws(SurfaceError) {
        var marker = checkpoint.flatMap { Int64($0.rawValue) }
        var hold: Int64 = 0
        var checked: ContinuousClock.Instant?
        while !Task.isCancelled {
            if checked.map({ $0 + Self.subscriptionCheck < .now }) ?? true {
                try await subscriptions.removeAll()
                checked = .now
            }
            try await pace.wait()
            guard let answer = try await poll(marker, hold: hold) else {
                hold = 0
                continue
            }
            marker = try await take(answer, reader, marker)
            await inbox.receiving(nextWithin: .seconds(Self.holdSeconds))
            hold = Self.holdSeconds
        }
        throw .cancelled
    }

    private var subscriptions: Subscriptions { Subscriptions(api: api, log: context.log) }

    /// `nil` when it can be tried again at once.
    private func poll(_ marker: Int64?, hold: Int64) async throws(SurfaceError) -> JSONValue? {
        var query = [("limit", String(Self.mostUpdates)), ("timeout", String(hold))]
        if let marker { query.append(("marker", String(marker))) }
        query.append(("types", UpdateReader.kinds.joined(separator: ",")))
        do throws(MaxAPIError) {
            return try await api.call("GET", "/updates", query: query, waits: .seconds(hold))
        } catch {
            guard error.isWebhookConflict, try await subscriptions.removeAll().removed > 0 else {
                throw SurfaceError(error)
            }
            return nil
        }
    }

    /// - Returns: The marker of the next call, by which the server takes these updates as delivered.
    private func take(
        _ answer: JSONValue,
        _ reader: UpdateReader,
        _ marker: Int64?
    ) async throws(SurfaceError) -> Int64? {
        let readings = (answer["updates"]?.array ?? []).map(reader.read)
        readings.flatMap(\.oddities).forEach(oddities.note)
        // Without news it may be missing or zero; going back would bring a day’s updates again.
        let next = answer["marker"]?.int64.flatMap { $0 == 0 ? nil : $0 } ?? marker
        let events = readings.compactMap(\.event)
        if !events.isEmpty || next != marker {
            try await inbox.accept(events, checkpoint: next.map { Checkpoint(String($0)) })
        }
        return next
    }
}
