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
    /// Variables whose value means nothing, and what would mean something; their default counts.
    package var unknown: [String: String]

    /// - Parameter toTerminal: Whether a person watches; decides the format when nothing else does.
    package init(environment: [String: String], toTerminal: Bool = isatty(STDERR_FILENO) == 1) {
        var unknown: [String: String] = [:]
        func value<Value: CaseIterable & RawRepresentable<String>>(of variable: String) -> Value? {
            guard let text = environment[variable], !text.isEmpty else { return nil }
            let value = Value(rawValue: text.lowercased())
            if value == nil { unknown[variable] = Value.allCases.map(\.rawValue).joined(separator: ", ") }
            return value
        }
        level = value(of: "LOG_LEVEL") ?? .info
        format = value(of: "LOG_FORMAT") ?? (toTerminal ? .text : .json)
        self.unknown = unknown
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
