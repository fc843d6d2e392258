import Basics
import Engine
import SurfaceKit

/// What `/status` says: the host’s state at one moment.
package struct StatusReport: Sendable {
    package struct Surface: Sendable {
        package let id: SurfaceID
        package let kind: SurfaceKind
        package let health: SurfaceHealth.Snapshot
    }

    package let version: String
    package let uptime: Duration
    package let agent: (state: String, reason: String?)
    package let surfaces: [Surface]
    package let inboxWaiting: Int64
    package let outboxWaiting: Int64
    package let turnsRunning: Int

    /// Whether every enabled surface, or the one called `surface`, receives.
    package func isReady(_ surface: String? = nil) -> Bool {
        surfaces.allSatisfy { item in
            if let surface, item.id.rawValue != surface { return true }
            return item.health.state == .receiving || item.health.state == .disabled
        }
    }

    package var json: JSONValue {
        [
            "version": .string(version),
            "uptimeSeconds": .number(JSONNumber(Double(uptime.milliseconds / 100) / 10)),
            "agent": ["state": .string(agent.state), "reason": agent.reason.map { .string($0) } ?? .null],
            "surfaces": .array(surfaces.map(\.json)),
            "inbox": ["waiting": JSONValue(inboxWaiting)],
            "outbox": ["waiting": JSONValue(outboxWaiting)],
            "turns": ["running": JSONValue(turnsRunning)],
        ]
    }
}

extension StatusReport.Surface {
    package var json: JSONValue {
        [
            "id": .string(id.rawValue),
            "kind": .string(kind.rawValue),
            "state": .string(health.state.rawValue),
            "reason": health.reason.map { .string($0) } ?? .null,
            "since": .string(health.since.iso8601),
            "lastReceivedAt": health.lastReceivedAt.map { .string($0.iso8601) } ?? .null,
        ]
    }
}
