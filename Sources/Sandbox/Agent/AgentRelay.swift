import Basics
import HTTP

/// Hands a request on to an agent elsewhere, and its answer back as it comes.
struct AgentRelay: Sendable {
    /// What the agent needs to know of the request beside its body.
    private static let forwarded = ["content-type", "accept", "authorization", "user-agent"]
    private static let refusalLimit = 64 << 10

    let url: String
    let client: HTTPClient

    func response(to request: HTTPServerRequest) async -> HTTPServerResponse {
        let forward = HTTPRequest(
            "POST",
            url,
            headers: request.headers.filter { Self.forwarded.contains($0.name.lowercased()) },
            body: .bytes(request.body),
            timeouts: HTTPTimeouts(idle: .seconds(900))
        )
        do {
            let response = try await client.open(forward)
            let headers = response.headers.filter { ["content-type", "retry-after"].contains($0.name.lowercased()) }
            guard response.status == 200 else {
                return HTTPServerResponse(
                    status: response.status,
                    headers: headers,
                    body: .bytes(try await Self.whole(response.body))
                )
            }
            let pieces = RelayedBody(response.body)
            return HTTPServerResponse(status: 200, headers: headers, body: .stream(AsyncStream { await pieces.next() }))
        } catch HTTPError.notSent {
            // As when nobody listens: the host may try again.
            return HTTPServerResponse(status: 503)
        } catch {
            return HTTPServerResponse(status: 502)
        }
    }

    private static func whole(_ body: HTTPBodyStream) async throws(HTTPError) -> [UInt8] {
        var bytes: [UInt8] = []
        for try await piece in body where bytes.count < refusalLimit { bytes += piece }
        return bytes
    }
}

/// The body of a response, read piece by piece; an end that came too early looks like an end.
private actor RelayedBody {
    private var iterator: HTTPBodyStream.AsyncIterator?

    init(_ body: HTTPBodyStream) { iterator = body.makeAsyncIterator() }

    func next() async -> [UInt8]? {
        var reading = iterator
        iterator = nil
        let piece = (try? await reading?.next(isolation: self)) ?? nil
        if piece != nil { iterator = reading }
        return piece
    }
}
