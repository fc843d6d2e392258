import Basics
import HTTP
import SurfaceKit

/// The address of a file in a content repository: `mxc://server/id`.
struct MediaAddress: Hashable, Sendable {
    let server: String
    let id: String

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "mxc:", parts[1].isEmpty, !parts[2].isEmpty, !parts[3].isEmpty else {
            return nil
        }
        server = String(parts[2])
        id = String(parts[3])
    }
}

extension MatrixClient {
    /// Largest file that the homeserver takes, in bytes; `nil` when it does not say.
    func uploadLimit() async throws(MatrixFault) -> Int? {
        let call = MatrixCall("GET", ["_matrix", "client", "v1", "media", "config"])
        do { return try await json(call)["m.upload.size"]?.int64.map { Int(clamping: $0) } } catch {
            guard case .refused(let refusal) = error, refusal.status == 404 else { throw error }
            return nil
        }
    }

    /// Stores a file and returns its `mxc://` address.
    func upload(_ file: OutboundFile) async throws(MatrixFault) -> String {
        var call = MatrixCall("POST", ["_matrix", "media", "v3", "upload"])
        call.query = [("filename", file.name)]
        call.content = .file(path: file.path, mimeType: file.mimeType)
        call.timeouts = HTTPTimeouts(idle: .seconds(60), total: nil)
        guard let address = try await json(call)["content_uri"]?.string else {
            throw .malformed(reason: "upload: no content_uri")
        }
        return address
    }

    /// Opens a file for reading.
    ///
    /// A content repository may send us elsewhere: the token goes only to the homeserver.
    func download(_ address: MediaAddress) async throws(MatrixFault) -> HTTPResponse {
        var call = MatrixCall("GET", ["_matrix", "client", "v1", "media", "download", address.server, address.id])
        call.timeouts = HTTPTimeouts(idle: .seconds(60), total: nil)
        call.query = [("timeout_ms", "20000")]
        let first = try await authorized { token throws(MatrixFault) in
            let response = try await homeserver.open(call, token: token)
            if response.status == 401 { throw .refused(MatrixRefusal(try await wholeReply(response))) }
            return response
        }
        return try await following(first, from: call.request(to: homeserver.base, token: nil))
    }

    private func following(
        _ response: HTTPResponse,
        from request: HTTPRequest
    ) async throws(MatrixFault) -> HTTPResponse {
        var (response, request) = (response, request)
        for _ in 0..<5 {
            guard [301, 302, 303, 307, 308].contains(response.status) else {
                if (200..<300).contains(response.status) { return response }
                throw .refused(MatrixRefusal(try await wholeReply(response)))
            }
            guard let target = response.headers["Location"].flatMap({ RedirectTarget($0, from: request.url) }) else {
                throw .malformed(reason: "download: a redirect without a usable address")
            }
            request.url = target.url
            var authorized = request
            if target.isSameOrigin {
                authorized.headers.append(HTTPHeader("Authorization", "Bearer \(try await token().exposed)"))
            }
            do { response = try await homeserver.http.open(authorized) } catch { throw .unanswered(error) }
        }
        throw .malformed(reason: "download: too many redirects")
    }

    private func token() async throws(MatrixFault) -> Secret {
        do { return try await session.account().token } catch { throw .stopped(error) }
    }

    /// The body of an error, as much of it as matters.
    private func wholeReply(_ response: HTTPResponse) async throws(MatrixFault) -> HTTPReply {
        var body: [UInt8] = []
        do {
            for try await piece in response.body {
                body += piece
                if body.count > 65_536 { break }
            }
        } catch {
            throw .unanswered(error)
        }
        return HTTPReply(status: response.status, headers: response.headers, body: body)
    }
}
