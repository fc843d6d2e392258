import Basics
import SurfaceKit
import Synchronization

/// Everything that the host counts.
///
/// It is kept in memory, begins anew with the host and grows only with the number of surfaces.
package final class HostMetrics: Sendable {
    /// The surface that something is counted for.
    package struct Key: Hashable, Sendable {
        package let id: SurfaceID
        package let kind: SurfaceKind
    }

    /// Levels of the log that are counted.
    package enum LogLevel: String, CaseIterable, Sendable {
        case warning, error
    }

    package let started: Timestamp
    package let logLines = CounterSet<LogLevel>()
    package let troubles = RecentTroubles()
    package let history: History
    private let system: any System

    private let known = Mutex<[Key: SurfaceMetrics]>([:])

    package init(on system: any System = OperatingSystem()) {
        self.system = system
        started = system.now
        history = History(since: system.now)
    }

    /// By name, so that the order is always the same.
    package var surfaces: [(key: Key, metrics: SurfaceMetrics)] {
        known.withLock { $0 }.map { ($0.key, $0.value) }
            .sorted { ($0.key.id.rawValue, $0.key.kind.rawValue) < ($1.key.id.rawValue, $1.key.kind.rawValue) }
    }

    /// The counters of a surface; the same whenever it is started again.
    package func surface(_ id: SurfaceID, _ kind: SurfaceKind) -> SurfaceMetrics {
        known.withLock { known in
            let key = Key(id: id, kind: kind)
            if let metrics = known[key] { return metrics }
            let metrics = SurfaceMetrics(since: system.now)
            known[key] = metrics
            return metrics
        }
    }

    /// Counts and keeps a line of the log, one of ``LogLevel``.
    package func note(_ line: Log.Line) {
        guard let level = LogLevel(rawValue: line.level.rawValue) else { return }
        logLines.add(level)
        troubles.note(line, at: system.now)
    }

    /// Ends a minute of the history each minute, until cancelled.
    package func keepHistory() async {
        history.begin(with: totals, at: system.now)
        var due = system.instant
        while !Task.isCancelled {
            due = max(due + History.interval, system.instant)
            guard (try? await system.sleep(until: due)) != nil else { return }
            history.endMinute(with: totals, at: system.now)
        }
    }

    /// The turns of each surface.
    package var turns: [Key: TurnCounters.Snapshot] {
        Dictionary(uniqueKeysWithValues: surfaces.map { ($0.key, $0.metrics.turns.snapshot) })
    }

    /// Turns that run now.
    package var turnsRunning: Int { surfaces.reduce(0) { $0 + $1.metrics.turns.snapshot.running } }

    /// All surfaces together.
    package var totals: History.Totals {
        surfaces.reduce(into: History.Totals()) { totals, surface in
            totals.add(surface.metrics, of: surface.key.id)
        }
    }
}
