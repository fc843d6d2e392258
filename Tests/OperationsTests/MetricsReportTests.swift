import Basics
import Foundation
import Metrics
import Settings
import SurfaceKit
import Testing

@testable import Engine
@testable import Operations
@testable import State

@Suite("Metrics report")
struct MetricsReportTests {
    private func settings(_ id: SurfaceID) -> SurfaceSettings {
        SurfaceSettings(
            id: id,
            kind: SilentSurface.kind,
            isEnabled: true,
            access: AccessPlan(policy: .open, users: []),
            respond: .mention,
            streaming: .off,
            proxy: nil,
            fingerprint: "",
            connection: SurfaceSettings.Connection()
        ) { _ in SilentSurface() }
    }

    private func glance(_ ids: SurfaceID...) -> HostGlance {
        HostGlance(
            version: "1",
            uptime: .seconds(1),
            agent: (.ok, nil),
            surfaces: ids.map { id in
                var health = SurfaceHealth(.receiving, on: OperatingSystem()).snapshot
                health.lastReceivedAt = .now
                return HostGlance.Surface(settings: settings(id), health: health)
            }
        )
    }

    private func text(
        _ glance: HostGlance,
        _ queues: Queues? = Queues(inbox: [:], outbox: [:], pairings: []),
        metrics: HostMetrics = HostMetrics()
    ) -> String {
        MetricsReport(
            glance: glance,
            metrics: metrics,
            turns: metrics.turns,
            queues: queues,
            usage: ProcessUsage.now()
        ).text
    }

    private func value(_ sample: String, in text: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix("\(sample) ") }.map { String($0.dropFirst(sample.count + 1)) }
    }

    @Test func `has every metric once, in order, from the start on`() {
        let text = text(glance("a"))

        let types = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
        #expect(types == MetricFamily.all.map { Substring($0.name) })
        #expect(value(#"surfaces_turns_total{surface="a",kind="silent",ending="answered"}"#, in: text) == "0")
    }

    @Test func `tells one state of a surface`() {
        let text = text(glance("a"))

        let states = SurfaceHealth.State.allCases.map { state in
            value(#"surfaces_surface_state{surface="a",kind="silent",state="\#(state.rawValue)"}"#, in: text)
        }
        #expect(states == ["0", "0", "1", "0", "0", "0"])
    }

    @Test func `says what waits also for a surface that is gone, and nothing when it cannot be read`() {
        let queues = Queues(inbox: ["a": 3, "old": 1], outbox: [:], pairings: [])

        let readable = text(glance("a"), queues)
        let unreadable = text(glance("a"), nil)

        #expect(value(#"surfaces_inbox_waiting{surface="a",kind="silent"}"#, in: readable) == "3")
        #expect(value(#"surfaces_inbox_waiting{surface="old",kind="unknown"}"#, in: readable) == "1")
        #expect(value("surfaces_state_readable", in: readable) == "1")
        #expect(!unreadable.contains("surfaces_inbox_waiting"))
        #expect(value("surfaces_state_readable", in: unreadable) == "0")
    }

    @Test func `counts on when a surface is started again`() {
        let metrics = HostMetrics()
        metrics.surface("a", SilentSurface.kind).messages.add(2)
        metrics.surface("a", SilentSurface.kind).messages.add()

        let text = text(glance("a", "b"), metrics: metrics)

        #expect(value(#"surfaces_messages_accepted_total{surface="a",kind="silent"}"#, in: text) == "3")
        #expect(value(#"surfaces_messages_accepted_total{surface="b",kind="silent"}"#, in: text) == "0")
    }

    @Test func `knows what the process uses`() throws {
        let usage = try #require(ProcessUsage.now())

        #expect(usage.residentBytes > 1 << 20 && usage.residentBytes < usage.virtualBytes)
        #expect(usage.openDescriptors > 2 && Double(usage.openDescriptors) < usage.mostDescriptors)
        #expect(usage.cpuSeconds > 0)
        let age = Date.now.timeIntervalSince1970 - (try #require(usage.startSeconds))
        #expect((-2...86_400).contains(age))
    }

    @Test func `is what the documentation says`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/metrics.md"), encoding: .utf8)

        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `surfaces_") || $0.hasPrefix("| `process_") }
        let wanted = MetricFamily.all.map { family in
            let labels = family.labels.map { "`\($0)`" }.joined(separator: " ")
            return Substring("| `\(family.name)` | \(family.kind.rawValue) | \(labels) | \(family.help) |")
        }
        #expect(rows == wanted)
    }
}
