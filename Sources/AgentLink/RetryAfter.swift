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
        guard let date = date(value) else { return nil }
        return .seconds(min(max(date.timeIntervalSince(now).rounded(.up), 0), Double(longest)))
    }

    private static let longest = 86_400

    /// The three forms of RFC 9110 §5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`,
    /// `Sun Nov  6 08:49:37 1994`.
    private static func date(_ text: String) -> Date? {
        let words = text.split { $0 == " " || $0 == "-" || $0 == "," }.map(String.init)
        let fields: (day: String, month: String, year: String, time: String)
        switch words.count {
        case 6 where words[5] == "GMT": fields = (words[1], words[2], words[3], words[4])
        case 5: fields = (words[2], words[1], words[4], words[3])
        default: return nil
        }
        let clock = fields.time.split(separator: ":").compactMap { Int($0) }
        guard let day = Int(fields.day), let month = months.firstIndex(of: fields.month), let year = Int(fields.year),
            clock.count == 3
        else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        guard let zone = TimeZone(secondsFromGMT: 0) else { return nil }
        calendar.timeZone = zone
        let components = DateComponents(
            year: year < 100 ? (year < 70 ? 2000 : 1900) + year : year,
            month: month + 1,
            day: day,
            hour: clock[0],
            minute: clock[1],
            second: clock[2]
        )
        return calendar.date(from: components)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
