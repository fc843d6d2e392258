import Basics
import FoundationEssentials
import HTTP

/// What a server’s clock said when ours was looked at.
struct ClockReading: Hashable, Sendable {
    let server: String
    /// How far our clock is ahead of the server’s, in seconds.
    let ahead: Int

    /// More is said, in seconds: codes, certificates and logs depend on it.
    private static let tolerance = 60

    init(server: String, ahead: Int) {
        self.server = server
        self.ahead = ahead
    }

    /// From the `Date` of an answer that has just come; `nil` when it has none.
    init?(server: String, _ headers: [HTTPHeader], now: Timestamp) {
        guard let date = headers["Date"].flatMap(HTTPDate.parse) else { return nil }
        self.init(server: server, ahead: Int((Double(now.milliseconds) / 1000 - date.timeIntervalSince1970).rounded()))
    }

    /// Our clock is wrong when every server says so in the same way; else it is the server’s.
    ///
    /// - Returns: `nil` when nobody told the time.
    static func judged(_ readings: [ClockReading]) -> CheckReport.Trial? {
        guard let nearest = readings.min(by: { abs($0.ahead) < abs($1.ahead) }) else { return nil }
        let what = "system clock"
        guard abs(nearest.ahead) <= tolerance else {
            let way = nearest.ahead > 0 ? "ahead of" : "behind"
            let detail =
                "\(abs(nearest.ahead)) s \(way) \(nearest.server); set it, best by NTP (timedatectl set-ntp true)"
            return CheckReport.Trial(what: what, ok: false, detail: detail)
        }
        let wrong = readings.filter { abs($0.ahead) > tolerance }.map { "\($0.server) is \(abs($0.ahead)) s off" }
        let detail = (["agrees with \(nearest.server) within \(tolerance) s"] + wrong).joined(separator: "; ")
        return CheckReport.Trial(what: what, ok: true, detail: detail)
    }
}
