import Glibc
import SurfaceKit
import Synchronization

/// The messages of a file descriptor.
///
/// What was read and not accepted stays here, with its number, for whoever receives next.
final class Keyboard: Sendable {
    /// What one call of ``read(atMost:)`` found.
    enum Reading: Hashable {
        /// Lines were completed, which a terminal has shown already.
        case lines([String])
        case nothing
        case ended
    }

    /// A message that the inbox has not accepted.
    struct Waiting: Hashable {
        let number: Int64
        let typed: MessageReader.Typed
    }

    private struct State {
        var reader = MessageReader()
        var unnumbered: [MessageReader.Typed] = []
        var waiting: [Waiting] = []
        var lastNumber: Int64 = 0
        var hasEnded = false
        var isTaken = false
    }

    private let descriptor: Int32
    private let state = Mutex(State())

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// False when another surface has it.
    func take() -> Bool {
        state.withLock { state in
            defer { state.isTaken = true }
            return !state.isTaken
        }
    }

    func release() { state.withLock { $0.isTaken = false } }

    /// What was typed and not accepted, oldest first; its numbers go on after `last`, and stay when it is asked again.
    func waiting(after last: Int64) -> [Waiting] {
        state.withLock { state in
            state.lastNumber = max(state.lastNumber, last)
            for typed in state.unnumbered {
                state.lastNumber += 1
                state.waiting.append(Waiting(number: state.lastNumber, typed: typed))
            }
            state.unnumbered = []
            return state.waiting
        }
    }

    func accepted(upTo number: Int64) { state.withLock { $0.waiting.removeAll { $0.number <= number } } }

    /// Reads once, as soon as there is something; nothing is read by a call that was cancelled.
    func read(atMost patience: Duration) async throws(SurfaceError) -> Reading {
        if state.withLock(\.hasEnded) { return .ended }
        try refuseBackground()
        guard try await Readiness.wait(for: descriptor, atMost: patience), !Task.isCancelled else { return .nothing }
        try refuseBackground()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count < 0, [EINTR, EAGAIN].contains(errno) { return .nothing }
        return state.withLock { state in
            guard count > 0 else {
                // A terminal that is gone has ended like a file.
                state.hasEnded = true
                state.unnumbered += state.reader.end()
                return .ended
            }
            let (lines, typed) = state.reader.read(buffer[..<count])
            state.unnumbered += typed
            return lines.isEmpty ? .nothing : .lines(lines)
        }
    }

    /// Throws while the host is in the background: to read from its terminal would stop all of it.
    func refuseBackground() throws(SurfaceError) {
        let foreground = tcgetpgrp(descriptor)
        guard foreground >= 0, foreground != getpgrp() else { return }
        throw .unavailable(retryAfter: .seconds(5), reason: "the host runs in the background: bring it back with fg")
    }
}
