import Glibc

/// What the operator wants to see in the log, from `LOG_LEVEL` and `LOG_FORMAT`.
package struct LogSettings: Hashable, Sendable {
    package enum Format: String, Hashable, Sendable, CaseIterable {
        /// For people: `TIME LEVEL PHRASE key=value …`.
        case text
        /// For machines: one object a line with `time`, `level`, `message` and the fields.
        case json
    }

    package var level: Log.Level
    package var format: Format
    /// Variables whose value means nothing; their default counts.
    package var unknown: [String]

    /// - Parameter toTerminal: Whether a person watches; decides the format when nothing else does.
    package init(environment: [String: String], toTerminal: Bool = isatty(STDERR_FILENO) == 1) {
        let level = environment["LOG_LEVEL"].map { Log.Level(rawValue: $0.lowercased()) }
        let format = environment["LOG_FORMAT"].map { Format(rawValue: $0.lowercased()) }
        self.level = (level ?? nil) ?? .info
        self.format = (format ?? nil) ?? (toTerminal ? .text : .json)
        unknown = [("LOG_LEVEL", level == .some(nil)), ("LOG_FORMAT", format == .some(nil))].filter(\.1).map(\.0)
    }
}

extension Log {
    /// A log as the operator wants it.
    package init(_ settings: LogSettings, to sink: LogSink = LogSink()) {
        let format = LogFormat(settings.format)
        self.init(minimum: settings.level) { line in
            sink.write(format.bytes(of: line, at: millisecondsSince1970()))
        }
    }
}
