import Basics
import Glibc

/// The signals that a service manager sends, as a sequence.
enum Signals {
    enum Event: Sendable {
        /// SIGTERM or SIGINT.
        case stop
        /// SIGHUP.
        case reload
    }

    /// Takes over SIGTERM, SIGINT and SIGHUP from now on: they wait for ``events()``.
    ///
    /// A handler, not a mask: the runtime parks the first thread with every signal let through.
    static func takeOver() {
        signal(SIGPIPE, SIG_IGN)
        _ = mailbox
        for number in [SIGTERM, SIGINT, SIGHUP] { signal(number, post) }
    }

    /// The signals in the order in which they came.
    static func events() -> AsyncStream<Event> {
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        DedicatedThread.start {
            var number: UInt8 = 0
            while true {
                let count = read(mailbox.exit, &number, 1)
                if count == 1 { continuation.yield(Int32(number) == SIGHUP ? .reload : .stop) }
                if count == 0 || (count < 0 && errno != EINTR) { return continuation.finish() }
            }
        }
        return events
    }

    /// Runs on whatever thread the signal meets, where hardly anything is allowed but a write.
    private static let post: @convention(c) (Int32) -> Void = { number in
        let before = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(mailbox.slot, &byte, 1)
        errno = before
    }

    /// A pipe, made before the first handler is set.
    private static let mailbox: (exit: Int32, slot: Int32) = {
        var ends: [Int32] = [-1, -1]
        _ = pipe(&ends)
        return (ends[0], ends[1])
    }()
}
