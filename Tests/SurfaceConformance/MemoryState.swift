import SurfaceKit
import Synchronization

/// A surface's state that lives as long as the test.
package final class MemoryState: SurfaceState {
    private struct Contents {
        var values: [String: String] = [:]
        var watchers: [AsyncStream<Void>.Continuation] = []
    }

    private let contents = Mutex(Contents())

    package init() {}

    package func value(_ key: String) -> String? { contents.withLock { $0.values[key] } }

    package func values(withPrefix prefix: String) -> [String: String] {
        contents.withLock { $0.values.filter { $0.key.hasPrefix(prefix) } }
    }

    package func apply(_ changes: [StateChange]) {
        let watchers = contents.withLock { contents in
            for change in changes { contents.values[change.key] = change.value }
            return contents.watchers
        }
        for watcher in watchers { watcher.yield() }
    }

    /// Tells `watcher` of every change from now on.
    func announceChanges(to watcher: AsyncStream<Void>.Continuation) {
        contents.withLock { $0.watchers.append(watcher) }
    }
}
