import SurfaceKit

/// What waits in the state, for each surface.
package struct Queues: Sendable {
    /// Accepted questions whose turn has not begun; only surfaces that have some.
    package let inbox: [SurfaceID: Int64]
    /// Messages that are owed; only surfaces that have some.
    package let outbox: [SurfaceID: Int64]
    /// Open requests of strangers, oldest first.
    package let pairings: [PairingRecord]
}
