import Basics
import Synchronization

/// Counts what came and was not understood, and says it in the log.
final class OddityCount: Sendable {
    private let counts = Mutex<[String: Int]>([:])
    private let log: Log

    /// Different oddities that are told apart; whatever comes beyond is one more.
    private static let mostKinds = 64

    init(log: Log) { self.log = log }

    func note(_ oddity: String) {
        let (kind, count) = counts.withLock { counts in
            let known = counts[oddity] != nil || counts.count < Self.mostKinds
            // A kind comes from outside: it is shown short and without what could break a line.
            let kind = known ? oddity : "something else"
            counts[kind, default: 0] += 1
            return (kind, counts[kind] ?? 1)
        }
        let shown = String(kind.prefix(60).map { $0.isNewline ? " " : $0 })
        log.warning("MAX sent something that cannot be read", ["what": shown, "count": count])
    }

    /// How often each came.
    var all: [String: Int] { counts.withLock { $0 } }
}
