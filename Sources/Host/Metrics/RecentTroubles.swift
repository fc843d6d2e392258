import Basics
import SurfaceKit
import Synchronization

/// The last warnings and errors of the log.
package final class RecentTroubles: Sendable {
    /// A line, once for all its repetitions.
    package struct Trouble: Sendable {
        package var line: Log.Line
        package var at: Timestamp
        package var count: Int
    }

    package static let most = 20
    /// Longest value of a field, in characters.
    private static let longestValue = 300
    private static let mostFields = 12

    private let troubles = Mutex<[Trouble]>([])

    /// Newest first.
    package var newest: [Trouble] { troubles.withLock { $0.reversed() } }

    /// Keeps `line`; the same phrase of the same surface counts up, so that one trouble does not displace the others.
    package func note(_ line: Log.Line, at now: Timestamp) {
        let line = Log.Line(
            level: line.level,
            phrase: line.phrase,
            fields: line.fields.prefix(Self.mostFields).map { ($0.key, Self.cut($0.value)) }
        )
        troubles.withLock { troubles in
            var trouble = Trouble(line: line, at: now, count: 1)
            if let known = troubles.firstIndex(where: { Self.isSame($0.line, line) }) {
                trouble.count += troubles.remove(at: known).count
            }
            troubles.append(trouble)
            troubles.removeFirst(max(0, troubles.count - Self.most))
        }
    }

    private static func isSame(_ left: Log.Line, _ right: Log.Line) -> Bool {
        left.level == right.level && left.phrase == right.phrase && surface(of: left) == surface(of: right)
    }

    private static func surface(of line: Log.Line) -> Log.Value? { line.fields.first { $0.key == "surface" }?.value }

    private static func cut(_ value: Log.Value) -> Log.Value {
        guard case .text(let text) = value, text.count > longestValue else { return value }
        return .text("\(text.prefix(longestValue))…")
    }
}
