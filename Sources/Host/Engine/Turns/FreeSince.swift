import Basics
import Synchronization

/// When the last turn of a conversation ended.
final class FreeSince: Sendable {
    private let last = Mutex<Timestamp?>(nil)

    var time: Timestamp? { last.withLock { $0 } }

    func mark(_ now: Timestamp) { last.withLock { $0 = now } }
}
