import Basics
import Metrics
import Settings
import SurfaceKit

/// A surface that runs, with what the host keeps for it.
struct SurfaceRuntime: Sendable {
    let id: SurfaceID
    let kind: SurfaceKind
    let system: any System
    let surface: any Surface
    let rules: IntakeRules
    let health: SurfaceHealth
    let budget: RateBudget
    /// Least time between two edits of a growing reply; `nil` when replies are not shown before they are complete.
    let editInterval: Duration?
    /// The least time that the operator asked for.
    var editWish: Duration?
    let log: Log
    let metrics: SurfaceMetrics

    /// The messenger objected to the pace in `chat`: nothing goes out before `delay` has passed.
    ///
    /// - Parameter delay: `nil` when it did not say how long.
    func limited(for delay: Duration?, in chat: ChatID) {
        budget.limited(for: delay, in: chat, now: system.instant)
        metrics.limited(for: delay ?? RateBudget.unnamedPause)
    }

    /// Whether the messenger works: what fails then is the fault of what was tried.
    var isReceiving: Bool { health.snapshot.state == .receiving }
}
