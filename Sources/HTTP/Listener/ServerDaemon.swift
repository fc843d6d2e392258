import Basics
import CMicroHTTPD
import Glibc
import Synchronization

/// A running libmicrohttpd: its thread reads requests and hands each over as a ``ServerExchange``.
final class ServerDaemon: Sendable {
    private struct Handle: @unchecked Sendable {
        let daemon: OpaquePointer
    }

    /// What the callbacks on the daemon’s thread need.
    final class Context: Sendable {
        let limits: HTTPListener.Limits
        let arrivals: AsyncStream<ServerExchange>.Continuation
        let heads: HeadWatch
        private let open = Mutex<[ObjectIdentifier: ServerExchange]>([:])

        init(_ limits: HTTPListener.Limits, _ arrivals: AsyncStream<ServerExchange>.Continuation) {
            self.limits = limits
            self.arrivals = arrivals
            heads = HeadWatch(limit: limits.total)
        }

        func note(_ exchange: ServerExchange) { open.withLock { $0[ObjectIdentifier(exchange)] = exchange } }

        func forget(_ exchange: ServerExchange) { open.withLock { $0[ObjectIdentifier(exchange)] = nil } }

        /// Ends what nobody will end any more.
        func endAll() {
            for exchange in open.withLock({ Array($0.values) }) {
                exchange.respond(HTTPServerResponse(status: 503))
                exchange.endStream()
            }
        }
    }

    private let handle: Handle
    private let context: Context

    init(
        _ socket: ListeningSocket,
        limits: HTTPListener.Limits,
        arrivals: AsyncStream<ServerExchange>.Continuation
    ) throws(HTTPListenerError) {
        let context = Context(limits, arrivals)
        let callbacks = surfaces_mhd_callbacks(
            access: { context, connection, _, method, _, data, size, exchange in
                ServerCallbacks.access(context, connection, method, data, size, exchange)
            },
            completed: { context, connection, exchange, _ in
                ServerCallbacks.completed(context, connection, exchange)
            },
            connection: { context, connection, _, notification in
                ServerCallbacks.changed(context, connection, notification)
            },
            target: { context, target, connection in ServerCallbacks.begin(context, target, connection) },
            context: Unmanaged.passUnretained(context).toOpaque()
        )
        let daemon = surfaces_mhd_start(
            socket.descriptor,
            surfaces_mhd_limits(
                connections: UInt32(limits.connections),
                idle_seconds: UInt32(limits.idle.components.seconds),
                connection_memory: limits.head
            ),
            callbacks
        )
        guard let daemon else { throw .notPossible(socket.address, reason: "libmicrohttpd cannot be started") }
        handle = Handle(daemon: daemon)
        self.context = context
    }

    /// Ends connections that take too long to say what they want, until cancelled.
    func watch() async { await context.heads.run() }

    func stopAccepting() {
        let socket = MHD_quiesce_daemon(handle.daemon)
        if socket >= 0 { close(socket) }
    }

    /// Closes every connection.
    ///
    /// All exchanges must have been responded to: the library cannot stop over one that waits.
    func stop() async {
        context.endAll()
        await withCheckedContinuation { continuation in
            let (handle, context) = (handle, context)
            let stop: @Sendable () -> Void = {
                MHD_stop_daemon(handle.daemon)
                // Its callbacks used the context until here.
                withExtendedLifetime(context) {}
                continuation.resume()
            }
            // It waits for the daemon’s thread, which must not hold up the cooperative pool.
            if !DedicatedThread.start(stop) { stop() }
        }
    }
}
