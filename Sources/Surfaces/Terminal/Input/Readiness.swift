import Basics
import Glibc
import SurfaceKit

/// Waits until a file descriptor has something to read, without holding a thread of the cooperative pool.
enum Readiness {
    /// Wakes the thread that waits.
    private final class Bell: Sendable {
        let descriptor: Int32
        private let rope: Int32

        /// `nil` when the process has no descriptors left.
        init?() {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else { return nil }
            (descriptor, rope) = (ends[0], ends[1])
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        }

        func ring() { _ = write(rope, [0], 1) }

        deinit {
            close(descriptor)
            close(rope)
        }
    }

    /// - Returns: False when the time is up, or the task was cancelled. True also at the end of the input.
    static func wait(for descriptor: Int32, atMost patience: Duration) async throws(SurfaceError) -> Bool {
        guard let bell = Bell() else { throw .unavailable(reason: "no file descriptor is left") }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let started = DedicatedThread.start {
                    continuation.resume(returning: poll(descriptor, bell, patience))
                }
                if !started { continuation.resume(returning: false) }
            }
        } onCancel: {
            bell.ring()
        }
    }

    private static func poll(_ descriptor: Int32, _ bell: Bell, _ patience: Duration) -> Bool {
        var requests = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        let milliseconds = Int32(clamping: patience.components.seconds * 1000)
        // An interruption counts as a wait that was too short: the caller asks again.
        guard Glibc.poll(&requests, nfds_t(requests.count), milliseconds) > 0 else { return false }
        return requests[1].revents == 0 && requests[0].revents != 0
    }
}
