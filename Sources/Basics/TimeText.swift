import FoundationEssentials

/// The time now, in milliseconds since 1970.
package func millisecondsSince1970() -> Int64 { Int64((Date.now.timeIntervalSince1970 * 1000).rounded(.down)) }

/// ISO 8601 in UTC: `2026-11-23T10:00:00Z`, or with three digits of a second `2026-11-23T10:00:00.250Z`.
package func iso8601(milliseconds: Int64, fraction: Bool = false) -> String {
    // Whole seconds are exact in a Double; the formatter cuts 0.249999… where 0.250 was meant.
    let (seconds, rest) = (milliseconds - milliseconds.modulo(1000), milliseconds.modulo(1000))
    let text = Date(timeIntervalSince1970: Double(seconds / 1000)).formatted(.iso8601)
    return fraction ? "\(text.dropLast()).\(digits(rest, 3))Z" : text
}

/// `value` in decimal, with zeros before it up to `width` digits.
package func digits(_ value: some BinaryInteger, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}

extension Int64 {
    /// The remainder of a division that rounds down, so never negative.
    fileprivate func modulo(_ divisor: Int64) -> Int64 { (self % divisor + divisor) % divisor }
}
