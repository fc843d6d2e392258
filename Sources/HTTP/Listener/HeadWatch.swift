import CMicroHTTPD
import Glibc
import Synchronization

/// Ends connections on which the head of a request takes too long.
///
/// libmicrohttpd counts silence only: a byte now and then would hold a connection for ever.
final class HeadWatch: Sendable {
    private struct Connection {
        let descriptor: Int32
        /// Since when a head is awaited; `nil` while a request is read or answered.
        var since: ContinuousClock.Instant?
    }

    private let limit: Duration
    /// By the library's pointer.
    private let connections = Mutex<[UInt: Connection]>([:])

    init(limit: Duration) { self.limit = limit }

    /// Looks after the connections until cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: limit / 4)
            endOverdue()
        }
    }

    // MARK: Called on the daemon's thread

    func began(_ connection: OpaquePointer) {
        let new = Connection(descriptor: surfaces_mhd_descriptor(connection), since: .now)
        let id = UInt(bitPattern: connection)
        connections.withLock { $0[id] = new }
    }

    func headCame(on connection: OpaquePointer) { expect(nil, on: UInt(bitPattern: connection)) }

    func requestEnded(on connection: OpaquePointer) { expect(.now, on: UInt(bitPattern: connection)) }

    func ended(_ connection: OpaquePointer) {
        let id = UInt(bitPattern: connection)
        connections.withLock { $0[id] = nil }
    }

    private func expect(_ since: ContinuousClock.Instant?, on id: UInt) {
        connections.withLock { $0[id]?.since = since }
    }

    private func endOverdue() {
        let now = ContinuousClock.now
        connections.withLock { connections in
            for connection in connections.values {
                guard let since = connection.since, since.duration(to: now) > limit else { continue }
                // The library closes what was shut down. Until it has said so the number is still this connection's.
                shutdown(connection.descriptor, Int32(SHUT_RDWR))
            }
        }
    }
}
