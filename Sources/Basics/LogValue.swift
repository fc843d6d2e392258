extension Log {
    /// What a field holds: a number and a truth value reach machines as what they are.
    package enum Value: Hashable, Sendable {
        case text(String)
        case integer(Int64)
        case decimal(Double)
        case flag(Bool)

        /// A duration counts in seconds, so its key ends in `Seconds`.
        package init(_ value: any CustomStringConvertible & Sendable) {
            self =
                switch value {
                case let value as any LogValueConvertible: value.logValue
                case let value as Bool: .flag(value)
                case let value as any BinaryInteger: .integer(Self.whole(value))
                case let value as any BinaryFloatingPoint: .decimal(Self.fraction(value))
                case let value as Duration: .decimal(Self.fraction(value / .seconds(1)))
                default: .text(value.description)
                }
        }

        private static func whole(_ value: some BinaryInteger) -> Int64 { Int64(clamping: value) }

        /// Three digits behind the point.
        private static func fraction(_ value: some BinaryFloatingPoint) -> Double {
            (Double(value) * 1000).rounded() / 1000
        }
    }
}

/// A type whose values are no text in a log, though they have a description.
package protocol LogValueConvertible {
    var logValue: Log.Value { get }
}

extension Log.Value: CustomStringConvertible {
    package var description: String {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        case .decimal(let number): String(number)
        case .flag(let isTrue): String(isTrue)
        }
    }
}

extension Log.Value: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) { self = .text(text) }
}

extension Log.Value {
    /// JSON has no number that is not finite.
    package var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .integer(let number): .number(JSONNumber(number))
        case .decimal(let number): number.isFinite ? .number(JSONNumber(number)) : .string(description)
        case .flag(let isTrue): .bool(isTrue)
        }
    }

    /// At most `limit` bytes of text and a mark of the cut; what is no text is short.
    func cut(to limit: Int) -> Log.Value {
        guard case .text(let text) = self, text.utf8.count > limit else { return self }
        return .text("\(String(decoding: text.utf8.prefix(limit), as: UTF8.self))…")
    }
}
