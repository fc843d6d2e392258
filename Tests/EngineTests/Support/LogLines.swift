import Basics
import Synchronization

/// What was logged.
final class LogLines: Sendable {
    private let lines = Mutex<[Log.Line]>([])

    /// A log that ends here.
    var log: Log { Log(minimum: .debug) { line in self.lines.withLock { $0.append(line) } } }

    func phrases(_ level: Log.Level) -> [String] {
        lines.withLock { $0 }.filter { $0.level == level }.map(\.phrase)
    }
}
