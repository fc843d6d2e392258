import Basics
import Glibc
import Synchronization

/// A terminal with a person before it, who sees and types.
final class PseudoTerminal: Sendable {
    struct NotPossible: Error {}

    private struct State {
        var emulator: Emulator
        var watchers: [AsyncStream<Void>.Continuation] = []
        var marks = 0
    }

    /// The program's side.
    let slave: Int32
    private let master: Int32
    private let state: Mutex<State>
    /// What is written to the second ends the reading, which then closes the person's side.
    private let bell: (Int32, Int32)
    private let closed = ThreadSignal()
    private let isClosed = Mutex(false)

    init(columns: Int = 20_000, rows: Int = 2_000) throws {
        var (ours, theirs): (Int32, Int32) = (-1, -1)
        var window = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        guard openpty(&ours, &theirs, nil, nil, &window) == 0 else { throw NotPossible() }
        (master, slave) = (ours, theirs)
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw NotPossible() }
        bell = (ends[0], ends[1])
        state = Mutex(State(emulator: Emulator(columns: columns, height: rows)))
        let started = DedicatedThread.start { [master, bell, closed, weak self] in
            Self.read(master, until: bell.0) { self?.see($0) }
            close(master)
            closed.signal()
        }
        guard started else { throw NotPossible() }
    }

    deinit {
        close(slave)
        hangUp()
        close(bell.0)
        close(bell.1)
    }

    /// Types what a person does, who ends it with the return key.
    func type(_ text: String) throws {
        var rest = Array("\(text)\n".utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
            guard written > 0 else { throw NotPossible() }
            rest = rest.dropFirst(written)
        }
    }

    /// What stands on the screen once everything was drawn that the program has written.
    func screen() async throws -> Emulator {
        let number = state.withLock { state in
            state.marks += 1
            return state.marks
        }
        let mark = "mark-\(number)"
        let bytes = Array("\u{1B}]\(mark)\u{07}".utf8)
        guard write(slave, bytes, bytes.count) == bytes.count else { throw NotPossible() }
        return await until { $0.seen.contains(mark) }
    }

    /// Waits until the screen shows what is expected.
    @discardableResult
    func until(_ condition: (Emulator) -> Bool) async -> Emulator {
        let (changes, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        state.withLock { $0.watchers.append(continuation) }
        continuation.yield()
        for await _ in changes {
            let now = state.withLock(\.emulator)
            if condition(now) { return now }
        }
        return state.withLock(\.emulator)
    }

    /// Holds the output, as Ctrl-S does.
    func hold() { tcflow(slave, TCOOFF) }
    func letGo() { tcflow(slave, TCOON) }

    /// The window is closed: when it returns, the program's side has lost it.
    func hangUp() {
        let isFirst = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return !isClosed
        }
        guard isFirst else { return }
        // A side that is being read does not close.
        _ = write(bell.1, [0], 1)
        closed.wait()
    }

    private static func read(_ master: Int32, until bell: Int32, _ see: ([UInt8]) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var requests = [
            pollfd(fd: master, events: Int16(POLLIN), revents: 0), pollfd(fd: bell, events: Int16(POLLIN), revents: 0),
        ]
        while poll(&requests, nfds_t(requests.count), -1) >= 0, requests[1].revents == 0 {
            let count = Glibc.read(master, &buffer, buffer.count)
            guard count > 0 else { break }
            see(Array(buffer[..<count]))
        }
        _ = poll(&requests[1], 1, -1)
    }

    private func see(_ bytes: [UInt8]) {
        let watchers = state.withLock { state in
            state.emulator.read(bytes)
            return state.watchers
        }
        for watcher in watchers { watcher.yield() }
    }
}
