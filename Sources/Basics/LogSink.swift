import Glibc
import Synchronization

/// Writes whole lines to a file descriptor, in the order in which they come.
///
/// Called on threads that have better things to do: when nobody reads (a pipe is full, a terminal is held), a line waits
/// once for 100 ms, then lines are dropped until there is room again, and their number is told.
package final class LogSink: Sendable {
    private struct State {
        var isStalled = false
        var dropped = 0
    }

    private let descriptor: Int32
    private let state = Mutex(State())

    /// - Parameter descriptor: Stays open as long as the sink lives.
    package init(descriptor: Int32 = STDERR_FILENO) { self.descriptor = descriptor }

    /// - Parameter line: At most 4096 bytes, with its line feed; what is longer may be torn.
    package func write(_ line: [UInt8]) {
        state.withLock { state in
            guard isWritable(within: state.isStalled ? 0 : 100) else {
                state.isStalled = true
                state.dropped += 1
                return
            }
            state.isStalled = false
            if state.dropped > 0 {
                writeAll(Array("(\(state.dropped) log lines were dropped)\n".utf8))
                state.dropped = 0
            }
            writeAll(line)
        }
    }

    /// A pipe counts as writable when it has room for 4096 bytes; files always are.
    private func isWritable(within milliseconds: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while true {
            let ready = poll(&request, 1, milliseconds)
            if ready >= 0 || errno != EINTR { return ready > 0 }
        }
    }

    private func writeAll(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                // Nothing that a log could do about a full disk or a closed pipe.
                guard written > 0 else { return }
                rest = rest.dropFirst(written)
            }
        }
    }
}
