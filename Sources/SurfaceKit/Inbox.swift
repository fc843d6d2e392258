/// Where a surface delivers what it received.
package protocol Inbox: Sendable {
    /// Stores `events` and `checkpoint` together, or neither.
    ///
    /// Its return is the permission to acknowledge upstream. An event seen before is dropped, so a surface may deliver
    /// again whatever it is unsure of. `state` changes are stored in the same transaction.
    ///
    /// - Throws: ``SurfaceError/unavailable(retryAfter:limited:reason:)`` when they could not be stored (disk full).
    func accept(
        _ events: [InboundEvent],
        checkpoint: Checkpoint?,
        state: [StateChange]
    ) async throws(SurfaceError)

    /// Says that a receive call has just succeeded and that the next one begins, which ends within `duration`.
    ///
    /// The host shows the surface as `receiving` from the first such call, and begins anew when the next does not come
    /// in time. Only receive calls count: a poll, a sync, a webhook registration that still stands.
    func receiving(nextWithin duration: Duration) async
}

extension Inbox {
    package func accept(_ events: [InboundEvent], checkpoint: Checkpoint?) async throws(SurfaceError) {
        try await accept(events, checkpoint: checkpoint, state: [])
    }
}

/// A surface’s place in its messenger’s stream of updates.
package struct Checkpoint: Hashable, Sendable {
    package let rawValue: String

    package init(_ rawValue: String) { self.rawValue = rawValue }
}
