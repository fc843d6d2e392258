/// Writes structured lines: a constant phrase plus fields.
///
/// `error`: a person must act. `warning`: degraded, healing itself. `info`: a state changed. `debug`: one message’s
/// way. Never a message’s content, never a ``Secret``.
package struct Log: Sendable {
    package enum Level: String, Sendable, Comparable, CaseIterable {
        case debug, info, warning, error

        package static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .debug: 0
            case .info: 1
            case .warning: 2
            case .error: 3
            }
        }
    }

    /// One line before it is formatted.
    package struct Line: Sendable {
        package let level: Level
        package let phrase: String
        package let fields: [(key: String, value: Value)]

        package init(level: Level, phrase: String, fields: [(key: String, value: Value)]) {
            self.level = level
            self.phrase = phrase
            self.fields = fields
        }
    }

    /// What a line tells beside its phrase.
    ///
    /// A number carries its unit in its key: `retrySeconds`, `bytes`. Errors are put into words.
    package typealias Fields = KeyValuePairs<String, any CustomStringConvertible & Sendable>

    private let minimum: Level
    private let fields: [(key: String, value: Value)]
    private let write: @Sendable (Line) -> Void

    /// - Parameters:
    ///   - minimum: Lines below it are dropped before their fields are formatted.
    ///   - write: Called on the caller’s thread; must not block for long.
    package init(minimum: Level, write: @escaping @Sendable (Line) -> Void) {
        self.minimum = minimum
        fields = []
        self.write = write
    }

    private init(minimum: Level, fields: [(key: String, value: Value)], write: @escaping @Sendable (Line) -> Void) {
        self.minimum = minimum
        self.fields = fields
        self.write = write
    }

    /// A log that drops everything.
    package static let silent = Log(minimum: .error) { _ in }

    /// This log with `fields` on each of its lines.
    package func with(_ fields: Fields) -> Log {
        Log(minimum: minimum, fields: self.fields + Self.values(of: fields), write: write)
    }

    /// This log, whose lines from `level` on also go to `observe`, even those that are below its own minimum.
    ///
    /// - Parameter observe: Called on the caller’s thread; must not block for long.
    package func observed(from level: Level, by observe: @escaping @Sendable (Line) -> Void) -> Log {
        Log(minimum: min(minimum, level), fields: fields) { [minimum, write] line in
            if line.level >= minimum { write(line) }
            if line.level >= level { observe(line) }
        }
    }

    package func debug(_ phrase: StaticString, _ fields: Fields = [:]) { log(.debug, phrase, fields) }
    package func info(_ phrase: StaticString, _ fields: Fields = [:]) { log(.info, phrase, fields) }
    package func warning(_ phrase: StaticString, _ fields: Fields = [:]) { log(.warning, phrase, fields) }
    package func error(_ phrase: StaticString, _ fields: Fields = [:]) { log(.error, phrase, fields) }

    private func log(_ level: Level, _ phrase: StaticString, _ extra: Fields) {
        guard level >= minimum else { return }
        let all = fields + Self.values(of: extra)
        write(Line(level: level, phrase: phrase.description, fields: all))
    }

    private static func values(of fields: Fields) -> [(key: String, value: Value)] {
        fields.map { ($0.key, Value($0.value)) }
    }
}
