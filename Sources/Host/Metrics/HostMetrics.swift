import Basics
import SurfaceKit
import Synchronization

/// Everything that the host counts.
///
/// It is kept in memory, begins anew with the host and grows only with the number of surfaces.
final class HostMetrics: Sendable {
    /// The surface that something is counted for.
    struct Key: Hashable, Sendable {
        let id: SurfaceID
        let kind: SurfaceKind
    }

    /// Levels of the log that are counted.
    enum LogLevel: String, CaseIterable, Sendable {
        case warning, error
    }

    let started = Timestamp.now
    let logLines = CounterSet<LogLevel>()
    let troubles = RecentTroubles()
    let history = History()

    private let known = Mutex<[Key: SurfaceMetrics]>([:])

    /// By name, so that the order is always the same.
    var surfaces: [(key: Key, metrics: SurfaceMetrics)] {
        known.withLock { $0 }.map { ($0.key, $0.value) }
            .sorted { ($0.key.id.rawValue, $0.key.kind.rawValue) < ($1.key.id.rawValue, $1.key.kind.rawValue) }
    }

    /// The counters of a surface; the same whenever it is started again.
    func surface(_ id: SurfaceID, _ kind: SurfaceKind) -> SurfaceMetrics {
        known.withLock { known in
            let key = Key(id: id, kind: kind)
            if let metrics = known[key] { return metrics }
            let metrics = SurfaceMetrics()
            known[key] = metrics
            return metrics
        }
    }

    /// Counts and keeps a line of the log, one of ``LogLevel``.
    func note(_ line: Log.Line) {
        guard let level = LogLevel(rawValue: line.level.rawValue) else { return }
        logLines.add(level)
        troubles.note(line, at: .now)
    }

    /// Ends a minute of the history each minute, until cancelled.
    func keepHistory() async {
        history.begin(with: totals, at: .now)
        let clock = ContinuousClock()
        var due = clock.now
        while !Task.isCancelled {
            due = max(due + History.interval, clock.now)
            guard (try? await clock.sleep(until: due)) != nil else { return }
            history.endMinute(with: totals, at: .now)
        }
    }

    /// All surfaces together.
    var totals: History.Totals {
        surfaces.reduce(into: History.Totals()) { totals, surface in
            totals.add(surface.metrics, of: surface.key.id)
        }
    }
}
