import Basics
import Engine
import Metrics
import Settings
import State
import SurfaceKit

/// What the operator’s page shows: no secret, nothing that was said.
package struct OperatorOverview: Sendable {
    package let glance: HostGlance
    package let metrics: HostMetrics
    /// `nil` when the state cannot be read.
    package let queues: Queues?
    package let now: Timestamp

    package var json: JSONValue {
        [
            "version": .string(glance.version),
            "now": JSONValue(now.milliseconds),
            "uptimeSeconds": .rounded(glance.uptime / .seconds(1)),
            "agent": [
                "state": .string(glance.agent.state.rawValue),
                "reason": glance.agent.reason.map { .string($0) } ?? .null,
            ],
            "surfaces": .array(glance.surfaces.map(surface)),
            "inbox": total(queues?.inbox),
            "outbox": total(queues?.outbox),
            "running": JSONValue(metrics.turnsRunning),
            "pairings": queues.map { .array($0.pairings.map(\.json)) } ?? .null,
            "troubles": .array(metrics.troubles.newest.map(\.json)),
            "minutes": .array(metrics.history.minutes(until: metrics.totals, at: now).map(\.json)),
        ]
    }

    private func total(_ waiting: [SurfaceID: Int64]?) -> JSONValue {
        waiting.map { JSONValue($0.values.reduce(0, +)) } ?? .null
    }

    private func surface(_ surface: HostGlance.Surface) -> JSONValue {
        let settings = surface.settings
        let health = surface.health
        let counted = metrics.surface(settings.id, settings.kind)
        return [
            "id": .string(settings.id.rawValue),
            "kind": .string(settings.kind.rawValue),
            "enabled": .bool(settings.isEnabled),
            "state": .string(health.state.rawValue),
            "reason": health.reason.map { .string($0) } ?? .null,
            "since": JSONValue(health.since.milliseconds),
            "lastReceivedAt": health.lastReceivedAt.map { JSONValue($0.milliseconds) } ?? .null,
            "settings": settings.json,
            "inbox": queues.map { JSONValue($0.inbox[settings.id] ?? 0) } ?? .null,
            "outbox": queues.map { JSONValue($0.outbox[settings.id] ?? 0) } ?? .null,
            "messages": JSONValue(counted.messages.value),
            "delivered": JSONValue(counted.deliveries.snapshot.count),
            "undelivered": JSONValue(counted.operations[.failed] + counted.operations[.givenUp]),
            "strangers": JSONValue(counted.strangers.value),
            "rateLimits": JSONValue(counted.rateLimits.value),
        ]
    }
}

extension SurfaceSettings {
    /// The switches of its entry in the manifest.
    fileprivate var json: JSONValue {
        let pace: JSONValue
        let mode: JSONValue
        switch streaming {
        case .off: (mode, pace) = ("off", .null)
        case .auto(let interval): (mode, pace) = ("auto", interval.map { .rounded($0 / .seconds(1)) } ?? .null)
        }
        return [
            "access": .string(access.policy.rawValue),
            "users": JSONValue(access.users.count),
            "groups": .string(respond.rawValue),
            "streaming": mode,
            "editIntervalSeconds": pace,
            "receive": .string(connection.needsWebhook ? "webhook" : "polling"),
            "proxy": .bool(proxy != nil),
        ]
    }
}

extension PairingRecord {
    fileprivate var json: JSONValue {
        [
            "code": .string(code),
            "surface": .string(surface.rawValue),
            "user": .string(person.rawValue),
            "name": .string(name),
            "askedAt": JSONValue(askedAt.milliseconds),
            "lastsSeconds": JSONValue(Self.lasts.components.seconds),
        ]
    }
}

extension RecentTroubles.Trouble {
    fileprivate var json: JSONValue {
        [
            "at": JSONValue(at.milliseconds),
            "level": .string(line.level.rawValue),
            "phrase": .string(line.phrase),
            "fields": .array(line.fields.map { [.string($0.key), $0.value.json] }),
            "count": JSONValue(count),
        ]
    }
}

extension History.Minute {
    fileprivate var json: JSONValue {
        [
            "end": JSONValue(end.milliseconds),
            "seconds": .rounded(length / .seconds(1)),
            "messages": .object(
                JSONObject(
                    messages.sorted { $0.key.rawValue < $1.key.rawValue }
                        .map { JSONObject.Member(key: $0.key.rawValue, value: JSONValue($0.value)) }
                )
            ),
            "answered": JSONValue(answered),
            "unanswered": JSONValue(unanswered),
            "delivered": JSONValue(deliveries.count),
            "added": addedLatency.json,
            "firstText": firstText.json,
            "delivery": deliveries.json,
        ]
    }
}

extension Histogram.Snapshot {
    /// `null` when nothing was observed.
    fileprivate var json: JSONValue {
        guard let median = quantile(0.5), let most = quantile(0.95) else { return .null }
        return ["count": JSONValue(count), "p50": .rounded(median), "p95": .rounded(most)]
    }
}

extension JSONValue {
    /// Three digits behind the point.
    fileprivate static func rounded(_ value: Double) -> JSONValue {
        .number(JSONNumber((value * 1000).rounded() / 1000))
    }
}
