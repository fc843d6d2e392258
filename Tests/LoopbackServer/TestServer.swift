import Glibc
import Synchronization

/// A TCP server on loopback whose connections are each served by `serve` on a thread of their own, in any odd way.
package final class TestServer: Sendable {
    package let port: UInt16
    private let listener: Int32
    private let connections = Mutex(0)

    /// The number of connections accepted so far.
    package var connectionCount: Int { connections.withLock { $0 } }
    package var url: String { "http://127.0.0.1:\(port)" }

    package init(_ serve: @escaping @Sendable (TestConnection) throws -> Void) throws {
        (listener, port) = try Self.listen()
        Threads.run { [self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { return }
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                connections.withLock { $0 += 1 }
                Threads.run {
                    let connection = TestConnection(descriptor)
                    // A script that fails is a peer that hangs up; what the client makes of it is the test.
                    try? serve(connection)
                    connection.close()
                }
            }
        }
    }

    /// Ends the listening; open connections stay.
    package func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    /// A port at which nobody listens.
    package static func unusedPort() throws -> UInt16 {
        let (descriptor, port) = try listen()
        close(descriptor)
        return port
    }

    private static func listen() throws -> (Int32, UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && Glibc.listen(descriptor, 128) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        guard isListening else { throw SocketFailure(errno) }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }
}

/// What a system call said.
package struct SocketFailure: Error {
    package let code: Int32
    package init(_ code: Int32) { self.code = code }
}

/// Runs blocking work of tests beside the cooperative pool.
package enum Threads {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    package static func run(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Body(body)).toOpaque()
        pthread_create(
            &thread,
            nil,
            { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            },
            context
        )
        pthread_detach(thread)
    }

    /// The result of `body`, without blocking a thread of the pool.
    package static func result<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            run { continuation.resume(with: Result { try body() }) }
        }
    }
}
