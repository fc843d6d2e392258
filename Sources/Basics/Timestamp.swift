import FoundationEssentials

/// Milliseconds since 1970, the unit of every stored time.
package struct Timestamp: Hashable, Sendable, Comparable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static var now: Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }

    /// ISO 8601 in UTC, whole seconds.
    package var iso8601: String { Basics.iso8601(milliseconds: milliseconds) }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    package func duration(since earlier: Timestamp) -> Duration {
        let (span, overflow) = milliseconds.subtractingReportingOverflow(earlier.milliseconds)
        return .milliseconds(overflow ? 0 : max(0, span))
    }

    package static func - (time: Timestamp, span: Duration) -> Timestamp {
        let (earlier, overflow) = time.milliseconds.subtractingReportingOverflow(span.milliseconds)
        return Timestamp(milliseconds: overflow ? .min : earlier)
    }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero; the nearest that fits for spans of more than 292 million years.
    package var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        if overflow { return seconds < 0 ? .min : .max }
        return whole.addingReportingOverflow(attoseconds / 1_000_000_000_000_000).partialValue
    }
}
