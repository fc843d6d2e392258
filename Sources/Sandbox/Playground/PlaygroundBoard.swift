import Basics
import Synchronization

/// The newest value of everything that the page shows, by key, and when each changed.
///
/// A reader who is slow skips values, never the last one.
final class PlaygroundBoard: Sendable {
    private struct Entry {
        var value: JSONValue
        var version: Int
    }

    private struct State {
        var version = 0
        /// `null` for what is gone.
        var entries: [String: Entry] = [:]
    }

    private let state = Mutex(State())
    private let changed = Change()

    /// Sets the value of `key`; `null` removes it.
    func set(_ key: String, _ value: JSONValue) {
        let isNew = state.withLock { state in
            guard state.entries[key]?.value != value else { return false }
            state.version += 1
            state.entries[key] = Entry(value: value, version: state.version)
            return true
        }
        if isNew { changed.signal() }
    }

    subscript(key: String) -> JSONValue? { state.withLock { $0.entries[key]?.value } }

    /// What has changed after `version`, oldest change first, and the version of the newest.
    func changes(after version: Int) -> (values: [(key: String, value: JSONValue)], version: Int) {
        state.withLock { state in
            let new = state.entries.filter { $0.value.version > version }
                .sorted { $0.value.version < $1.value.version }
            return (new.map { ($0.key, $0.value.value) }, state.version)
        }
    }

    /// Returns when something has changed after `version`; false when nothing has within `patience`.
    func wait(after version: Int, atMost patience: Duration) async -> Bool {
        let deadline = ContinuousClock.now + patience
        while state.withLock({ $0.version }) <= version {
            guard !Task.isCancelled, .now < deadline else { return false }
            // A change may come just before the wait begins.
            await changed.wait(until: min(deadline, .now + .milliseconds(200)))
        }
        return true
    }

    /// All values, then each change, as server-sent events; for one page.
    func events() -> AsyncStream<[UInt8]> {
        let reader = BoardReader(board: self)
        return AsyncStream { await reader.next() }
    }
}

/// Reads a board for one page.
private actor BoardReader {
    /// Else nobody would notice that the page is gone.
    private static let heartbeat = Duration.seconds(10)
    /// A page cannot be read faster.
    private static let pace = Duration.milliseconds(40)

    private let board: PlaygroundBoard
    private var version = 0
    private var isFirst = true

    init(board: PlaygroundBoard) { self.board = board }

    func next() async -> [UInt8]? {
        if isFirst {
            isFirst = false
            // What a page knows from before the connection was lost is void.
            return Array("retry: 1000\nevent: reset\ndata: {}\n\n".utf8) + read()
        }
        guard await board.wait(after: version, atMost: Self.heartbeat) else {
            return Task.isCancelled ? nil : Array(": \n\n".utf8)
        }
        try? await Task.sleep(for: Self.pace)
        return Task.isCancelled ? nil : read()
    }

    private func read() -> [UInt8] {
        let (values, version) = board.changes(after: version)
        self.version = version
        return values.flatMap { change -> [UInt8] in
            let event: JSONValue = ["key": .string(change.key), "value": change.value]
            return Array("data: ".utf8) + event.encoded + [10, 10]
        }
    }
}
