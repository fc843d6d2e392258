import HTTP

/// A file that the agent names by its address, fetched with care: the address may have come from anybody.
struct RemoteFile: Sendable {
    /// Why it was not fetched; for the log.
    struct Refusal: Error, Hashable, CustomStringConvertible {
        let reason: String

        var description: String { reason }
    }

    /// The agent’s own address, whose origin may have files at addresses that are not public.
    let agentURL: String?
    /// In bytes.
    let limit: Int

    private static let mostRedirects = 5

    /// Fetches `url` and hands over its pieces in order.
    ///
    /// Only http and https, no private or loopback address unless it is the agent’s own origin; where a redirect leads
    /// is judged alike, and never exempt.
    func fetch(_ url: String, into sink: ([UInt8]) throws -> Void) async throws {
        var url = url
        for redirects in 0...Self.mostRedirects {
            let response = try await open(url, isFirst: redirects == 0)
            switch response.status {
            case 200:
                return try await copy(response, into: sink)
            case 301, 302, 303, 307, 308:
                guard let location = response.headers["Location"], let next = URLParts.resolve(location, against: url)
                else { throw Refusal(reason: "a redirect leads nowhere") }
                url = next
            default: throw Refusal(reason: "status \(response.status)")
            }
        }
        throw Refusal(reason: "too many redirects")
    }

    private func open(_ url: String, isFirst: Bool) async throws -> HTTPResponse {
        guard let parts = URLParts(url), !parts.hasCredentials else {
            throw Refusal(reason: "the address is not a plain http or https URL")
        }
        let isAgents = isFirst && agentURL.flatMap { URLParts($0) }.map { $0.hasOrigin(of: parts) } ?? false
        let client = HTTPClient(
            HTTPClientConfiguration(
                freshConnections: true,
                admits: { isAgents || PublicAddress.contains($0) }
            )
        )
        let timeouts = HTTPTimeouts(connect: .seconds(10), idle: .seconds(20), total: .seconds(120))
        return try await client.open(HTTPRequest("GET", url, timeouts: timeouts))
    }

    private func copy(_ response: HTTPResponse, into sink: ([UInt8]) throws -> Void) async throws {
        if let length = response.headers["Content-Length"].flatMap({ Int($0) }), length > limit {
            throw Refusal(reason: "\(length) bytes are more than \(limit)")
        }
        var size = 0
        for try await piece in response.body {
            size += piece.count
            guard size <= limit else { throw Refusal(reason: "more than \(limit) bytes") }
            try sink(piece)
        }
    }
}

extension URLParts {
    /// Whether both name the same scheme, host and port.
    fileprivate func hasOrigin(of other: URLParts) -> Bool {
        (scheme, host.lowercased(), port) == (other.scheme, other.host.lowercased(), other.port)
    }
}
