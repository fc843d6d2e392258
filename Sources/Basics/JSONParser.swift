/// Caps on what ``JSONValue/init(parsing:limits:)`` accepts from outside.
package struct JSONLimits: Sendable {
    /// Levels of nesting, at most 512: what is read is also compared, written and freed by recursion.
    package var depth: Int
    /// Bytes of the whole text.
    package var bytes: Int

    package init(depth: Int = 128, bytes: Int = 64 << 20) {
        self.depth = min(depth, 512)
        self.bytes = bytes
    }
}

/// Why a text is not JSON, and where.
package struct JSONError: Error, Hashable, CustomStringConvertible {
    package let reason: String
    /// Bytes from the start.
    package let offset: Int
    /// From 1.
    package let line: Int
    /// From 1, in bytes.
    package let column: Int

    package init(reason: String, offset: Int, line: Int, column: Int) {
        self.reason = reason
        self.offset = offset
        self.line = line
        self.column = column
    }

    package var description: String { "line \(line), column \(column): \(reason)" }
}

extension JSONValue {
    /// Reads one JSON text (RFC 8259).
    ///
    /// Of repeated keys all are kept, in order. Strict: UTF-8 without a byte order mark, nothing after the value. A surrogate half without its partner is legal
    /// JSON and becomes ``unpaired(_:)``.
    package init(parsing bytes: some Sequence<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        var reader = JSONReader(bytes: Array(bytes), limits: limits)
        self = try reader.document()
    }
}
