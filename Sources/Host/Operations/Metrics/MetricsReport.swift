import Basics
import Engine
import Metrics
import Settings
import State
import SurfaceKit

/// What `/metrics` says.
package struct MetricsReport: Sendable {
    package let glance: HostGlance
    package let metrics: HostMetrics
    /// Turns as they were before `queues` were read: one that went to the agent meanwhile is counted once at most.
    package let turns: [HostMetrics.Key: TurnCounters.Snapshot]
    /// `nil` when the state cannot be read.
    package let queues: Queues?
    /// `nil` when the system does not say.
    package let usage: ProcessUsage?

    package var text: String {
        var exposition = Exposition()
        // Zeros from the start on: else the first of something cannot be seen as an increase.
        for surface in glance.surfaces { _ = metrics.surface(surface.settings.id, surface.settings.kind) }
        let surfaces = metrics.surfaces
        addHost(to: &exposition)
        addIntake(surfaces, to: &exposition)
        addAgent(surfaces, to: &exposition)
        addDeliveries(surfaces, to: &exposition)
        addProcess(to: &exposition)
        return exposition.text
    }

    private typealias Surfaces = [(key: HostMetrics.Key, metrics: SurfaceMetrics)]

    private func addHost(to exposition: inout Exposition) {
        exposition.add(.buildInfo, [.init([glance.version], 1)])
        exposition.add(.startTime, metrics.started.seconds)
        exposition.add(
            .surfaceState,
            glance.surfaces.flatMap { surface in
                SurfaceHealth.State.allCases.map { state in
                    .init(surface.labels + [state.rawValue], surface.health.state == state ? 1 : 0)
                }
            }
        )
        exposition.add(.surfaceStateTime, glance.surfaces.map { .init($0.labels, $0.health.since.seconds) })
        exposition.add(
            .lastReceived,
            glance.surfaces.compactMap { surface in
                surface.health.lastReceivedAt.map { .init(surface.labels, $0.seconds) }
            }
        )
        exposition.add(
            .agentState,
            AgentHealth.State.allCases.map { .init([$0.rawValue], $0 == glance.agent.state ? 1 : 0) }
        )
        exposition.add(.logLines, metrics.logLines.values.map { .init([$0.label.rawValue], $0.value) })
    }

    private func addIntake(_ surfaces: Surfaces, to exposition: inout Exposition) {
        add(.events, surfaces, to: &exposition) { $0.events.value }
        add(.messages, surfaces, to: &exposition) { $0.messages.value }
        add(.duplicates, surfaces, to: &exposition) { $0.duplicates.value }
        add(.strangers, surfaces, to: &exposition) { $0.strangers.value }
        add(.setAside, surfaces, to: &exposition) { $0.setAside.value }
        guard let queues else { return }
        addQueue(.inboxWaiting, queues.inbox, to: &exposition)
        let requests = Dictionary(grouping: queues.pairings, by: \.surface).mapValues { Int64($0.count) }
        addQueue(.pairingRequests, requests, to: &exposition)
    }

    private func addAgent(_ surfaces: Surfaces, to exposition: inout Exposition) {
        exposition.add(.addedLatency, histograms: surfaces.map { ($0.key.labels, $0.metrics.addedLatency.snapshot) })
        add(.agentRequests, surfaces, to: &exposition) { $0.requests }
        exposition.add(.firstText, histograms: surfaces.map { ($0.key.labels, $0.metrics.firstText.snapshot) })
        exposition.add(.agentRuns, histograms: surfaces.map { ($0.key.labels, $0.metrics.runs.snapshot) })
        addTurns(surfaces, to: &exposition)
    }

    private func addDeliveries(_ surfaces: Surfaces, to exposition: inout Exposition) {
        add(.operations, surfaces, to: &exposition) { $0.operations }
        add(.previews, surfaces, to: &exposition) { $0.previews }
        exposition.add(.deliveries, histograms: surfaces.map { ($0.key.labels, $0.metrics.deliveries.snapshot) })
        add(.rateLimits, surfaces, to: &exposition) { $0.rateLimits.value }
        exposition.add(
            .rateLimitWait,
            surfaces.map { .init($0.key.labels, Double($0.metrics.rateLimitMilliseconds.value) / 1000) }
        )
        if let queues { addQueue(.outboxWaiting, queues.outbox, to: &exposition) }
        exposition.add(.stateReadable, queues == nil ? 0 : 1)
    }

    private func addProcess(to exposition: inout Exposition) {
        guard let usage else { return }
        exposition.add(.cpu, usage.cpuSeconds)
        exposition.add(.resident, Double(usage.residentBytes))
        exposition.add(.virtual, Double(usage.virtualBytes))
        exposition.add(.openDescriptors, Double(usage.openDescriptors))
        exposition.add(.mostDescriptors, usage.mostDescriptors)
        if let start = usage.startSeconds { exposition.add(.processStart, start) }
    }

    private func addTurns(_ surfaces: Surfaces, to exposition: inout Exposition) {
        let turns = surfaces.map { (labels: $0.key.labels, counted: self.turns[$0.key] ?? TurnCounters.Snapshot()) }
        exposition.add(
            .turns,
            turns.flatMap { surface in
                surface.counted.values.map { .init(surface.labels + [$0.label.rawValue], $0.value) }
            }
        )
        exposition.add(.turnsRunning, Double(turns.reduce(0) { $0 + $1.counted.running }))
    }

    // MARK: One for each surface

    private func add(
        _ family: MetricFamily,
        _ surfaces: Surfaces,
        to exposition: inout Exposition,
        _ value: (SurfaceMetrics) -> Int
    ) {
        exposition.add(family, surfaces.map { .init($0.key.labels, value($0.metrics)) })
    }

    private func add<Label: RawRepresentable<String>>(
        _ family: MetricFamily,
        _ surfaces: Surfaces,
        to exposition: inout Exposition,
        _ counters: (SurfaceMetrics) -> CounterSet<Label>
    ) {
        exposition.add(
            family,
            surfaces.flatMap { surface in
                counters(surface.metrics).values.map { .init(surface.key.labels + [$0.label.rawValue], $0.value) }
            }
        )
    }

    /// What waits; also for a surface that the manifest no longer has.
    private func addQueue(_ family: MetricFamily, _ waiting: [SurfaceID: Int64], to exposition: inout Exposition) {
        let known = Set(glance.surfaces.map(\.settings.id))
        let gone = waiting.keys.filter { !known.contains($0) }.sorted { $0.rawValue < $1.rawValue }
        exposition.add(
            family,
            glance.surfaces.map { .init($0.labels, waiting[$0.settings.id] ?? 0) }
                + gone.map { .init([$0.rawValue, "unknown"], waiting[$0] ?? 0) }
        )
    }
}

extension HostMetrics.Key {
    package var labels: [String] { [id.rawValue, kind.rawValue] }
}

extension HostGlance.Surface {
    fileprivate var labels: [String] { [settings.id.rawValue, settings.kind.rawValue] }
}

extension Timestamp {
    /// Since 1970.
    fileprivate var seconds: Double { Double(milliseconds) / 1000 }
}
