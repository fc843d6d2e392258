import Basics
import Engine
import Glibc
import HTTP
import Settings
import SurfaceKit

/// The way to one server, step by step: its name, then TLS and its certificate.
///
/// What needs neither, an `http://` address by number, is told by the answer itself. No credentials are sent.
struct ConnectionCheck: Sendable {
    private static let timeouts = HTTPTimeouts(idle: .seconds(10), total: .seconds(20))

    private let what: String
    private let server: URLParts
    private let proxy: Secret?
    private let trustedCertificates: String?

    var name: String { "\(what): \(server.host)" }

    /// - Parameter address: What cannot be read is `nil`, and so is what takes no step.
    init?(what: String, address: String, proxy: Secret?, trustedCertificates: String? = nil) {
        guard let server = URLParts(address) else { return nil }
        self.what = what
        self.server = server
        self.proxy = proxy
        self.trustedCertificates = trustedCertificates
        if nameToResolve == nil, server.scheme == "http" { return nil }
    }

    /// To each server that the options of a surface name.
    static func all(of plan: SurfaceSettings) -> [ConnectionCheck] {
        var seen: Set<String> = []
        return plan.connection.servers.compactMap { address in
            let check = ConnectionCheck(
                what: plan.id.rawValue,
                address: address,
                proxy: plan.proxy,
                trustedCertificates: plan.connection.trustedCertificates
            )
            return check.flatMap { seen.insert($0.origin).inserted ? $0 : nil }
        }
    }

    func finding() async -> Finding {
        var finding = Finding([])
        if let host = nameToResolve {
            let (ok, detail) = Self.told(await HostName.addresses(of: host), host)
            finding.trials.append(CheckReport.Trial(what: "\(what) DNS", ok: ok, detail: detail))
            guard ok else { return finding }
        }
        if server.scheme == "https" {
            let handshake = await shakeHands()
            finding.trials += handshake.trials
            finding.clocks += handshake.clocks
        }
        return finding
    }

    // MARK: Name

    /// The proxy’s when there is one: it resolves the others.
    private var nameToResolve: String? {
        let proxyParts = proxy.flatMap { URLParts($0.exposed, schemes: ["http", "https", "socks5h"]) }
        let host = (proxyParts ?? server).host
        return HostName.isAddress(host) ? nil : host
    }

    private static func told(_ outcome: Result<[String], HostName.Fault>, _ host: String) -> (Bool, String) {
        switch outcome {
        case .success(let addresses): (true, "\(host) is \(addresses.joined(separator: ", "))")
        case .failure(.unknown):
            (false, "\(host) is not known; check the name in the address, and the DNS of this machine")
        case .failure(.noResolver(let reason)):
            (false, "\(host) cannot be looked up: \(reason); check the DNS of this machine (/etc/resolv.conf)")
        }
    }

    // MARK: TLS

    private var origin: String { "\(server.scheme)://\(server.host):\(server.port)/" }

    private func shakeHands() async -> Finding {
        let configuration = HTTPClientConfiguration(
            proxy: proxy,
            trustedCertificates: trustedCertificates,
            freshConnections: true
        )
        let what = "\(what) TLS"
        do {
            let answer = try await HTTPClient(configuration)
                .open(HTTPRequest("GET", origin, timeouts: Self.timeouts))
            var finding = Finding(what, true, "the certificate of \(server.host) is trusted")
            finding.clocks =
                ClockReading(server: server.host, answer.headers, now: OperatingSystem().now).map { [$0] } ?? []
            return finding
        } catch {
            switch error {
            case .interrupted, .timedOut:
                return Finding(what, true, "the certificate of \(server.host) is trusted; / gave no answer")
            default: return Finding(what, false, Advice.told(error))
            }
        }
    }
}
