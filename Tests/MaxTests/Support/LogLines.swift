import Basics
import Synchronization

/// A log that a test can read.
final class LogLines: Sendable {
    private let lines = Mutex<[Log.Line]>([])

    var log: Log { Log(minimum: .info) { [self] line in lines.withLock { $0.append(line) } } }

    /// What was said, with its fields.
    var all: [String] {
        lines.withLock { lines in
            lines.map { line in ([line.phrase] + line.fields.map { "\($0.key)=\($0.value)" }).joined(separator: " ") }
        }
    }
}
