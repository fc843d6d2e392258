import Basics
import Manifest

/// What `surfaces check` found.
struct CheckReport: Sendable {
    /// Who can reach the agent on one surface.
    struct Reach: Hashable, Sendable {
        let surface: String
        let who: String
    }

    /// How one thing did that was tried.
    struct Trial: Hashable, Sendable {
        let what: String
        let ok: Bool
        /// What came back, or what went wrong and what to do.
        let detail: String
    }

    var mistakes: [ManifestMistake] = []
    var reach: [Reach] = []
    var online: [Trial] = []

    var isOK: Bool { mistakes.isEmpty && online.allSatisfy(\.ok) }

    var exitCode: ExitCode { mistakes.isEmpty ? (isOK ? .fine : .unavailable) : .configuration }

    var json: JSONValue {
        [
            "ok": .bool(isOK),
            "mistakes": .array(mistakes.map(\.json)),
            "reach": .array(reach.map { ["surface": .string($0.surface), "who": .string($0.who)] }),
            "online": .array(
                online.map { ["what": .string($0.what), "ok": .bool($0.ok), "detail": .string($0.detail)] }
            ),
        ]
    }
}

extension ManifestMistake {
    fileprivate var json: JSONValue {
        [
            "path": .string(path.description), "line": line.map { JSONValue($0) } ?? .null, "message": .string(message),
            "hint": hint.map { .string($0) } ?? .null,
        ]
    }
}
