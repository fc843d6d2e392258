import Basics
import FoundationEssentials

/// The `Retry-After` header field (RFC 9110 §10.2.3): seconds, or a date.
enum RetryAfter {
    /// The time to wait from `now`; `nil` when `value` is neither form.
    static func parse(_ value: String?, now: Date = Date()) -> Duration? {
        guard let value else { return nil }
        let text = value.utf8.filter { $0 != UInt8(ascii: " ") }
        if !text.isEmpty, text.allSatisfy({ (0x30...0x39).contains($0) }) {
            // What does not fit is a very long time.
            return .seconds(min(Int(String(decoding: text, as: UTF8.self)) ?? longest, longest))
        }
        guard let date = HTTPDate.parse(value) else { return nil }
        return .seconds(min(max(date.timeIntervalSince(now).rounded(.up), 0), Double(longest)))
    }

    private static let longest = 86_400
}
