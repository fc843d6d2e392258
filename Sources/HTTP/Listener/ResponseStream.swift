import CMicroHTTPD
import Synchronization

/// The parts of a streamed response between the task that makes them and the daemon’s thread that sends them.
///
/// When there is nothing to send the connection is suspended; the next part resumes it.
final class ResponseStream: Sendable {
    private struct State {
        var bytes: ArraySlice<UInt8> = []
        var hasEnded = false
        var suspended: Connection?
        var connection: Connection?
    }

    private struct Connection: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private let state = Mutex(State())
    private let producer = Mutex<Task<Void, Never>?>(nil)

    /// Makes the library’s response; `parts` is read until it ends or the client has gone.
    func response(_ parts: AsyncStream<[UInt8]>, on connection: OpaquePointer) -> OpaquePointer? {
        state.withLock { $0.connection = Connection(pointer: connection) }
        // The library’s callbacks leave no scope to be a child of; ``end()`` cancels it.
        let task = Task {
            for await part in parts { self.append(part) }
            self.end()
        }
        producer.withLock { $0 = task }
        return surfaces_mhd_stream_response(
            16 << 10,
            { context, _, buffer, size in
                guard let context, let buffer else { return surfaces_mhd_end_of_stream }
                let stream = Unmanaged<ResponseStream>.fromOpaque(context).takeUnretainedValue()
                return stream.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size))
            },
            Unmanaged.passRetained(self).toOpaque(),
            { context in
                guard let context else { return }
                Unmanaged<ResponseStream>.fromOpaque(context).takeRetainedValue().end()
            }
        )
    }

    func end() {
        producer.withLock { $0 }?.cancel()
        resume { $0.hasEnded = true }
    }

    private func append(_ part: [UInt8]) { resume { $0.bytes.append(contentsOf: part) } }

    private func resume(_ change: (inout State) -> Void) {
        let suspended: Connection? = state.withLock { state in
            change(&state)
            return state.suspended.take()
        }
        if let suspended { MHD_resume_connection(suspended.pointer) }
    }

    private func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        state.withLock { state in
            guard state.bytes.isEmpty else {
                let count = min(buffer.count, state.bytes.count)
                buffer.copyBytes(from: state.bytes.prefix(count))
                state.bytes.removeFirst(count)
                return count
            }
            guard !state.hasEnded, let connection = state.connection else { return surfaces_mhd_end_of_stream }
            state.suspended = connection
            MHD_suspend_connection(connection.pointer)
            return 0
        }
    }
}
