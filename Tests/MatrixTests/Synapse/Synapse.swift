import Basics
import CCrypto
import Foundation
import HTTP
import Testing

/// The Synapse that `scripts/test` has started for the tests.
struct Synapse: Sendable {
    struct Unavailable: Error, CustomStringConvertible {
        let description: String
    }

    let url: String
    private let secret: String
    private let http = HTTPClient()

    /// - Parameter prefix: Of the variables that name it: `MATRIX`, or `MATRIX_LIMITED` for the one with rate limits.
    init(_ prefix: String = "MATRIX") throws {
        let environment = ProcessInfo.processInfo.environment
        guard let url = environment[prefix + "_URL"], let secret = environment[prefix + "_REG_SECRET"] else {
            throw Unavailable(
                description: "\(prefix)_URL and \(prefix)_REG_SECRET are not set: start a server with scripts/synapse, "
                    + "or leave these tests out with SURFACES_SKIP_SYNAPSE=1"
            )
        }
        self.url = url
        self.secret = secret
    }

    /// A homeserver that is known by its address.
    init(url: String, secret: String) {
        self.url = url
        self.secret = secret
    }

    /// Whether the tests against it are to run: they fail without a server, unless somebody chose to leave them out.
    static var isWanted: Bool { ProcessInfo.processInfo.environment["SURFACES_SKIP_SYNAPSE"] != "1" }

    /// Registers somebody new, whose name begins with `name`.
    func register(_ name: String, asAdmin: Bool = false) async throws -> SynapseUser {
        let path = "/_synapse/admin/v1/register"
        let nonce = try #require(try await call("GET", path, token: nil)["nonce"]?.string)
        let unique = "\(name)-\(randomToken(length: 10, alphabet: "abcdefghijklmnopqrstuvwxyz"))"
        let password = randomToken(length: 20)
        let text = [nonce, unique, password, asAdmin ? "admin" : "notadmin"].joined(separator: "\0")
        let answer = try await call(
            "POST",
            path,
            [
                "nonce": .string(nonce), "username": .string(unique), "displayname": .string(name),
                "password": .string(password), "admin": .bool(asAdmin),
                "mac": .string(hex(hmacSHA1(text, key: secret))),
            ],
            token: nil
        )
        return SynapseUser(
            server: self,
            id: try #require(answer["user_id"]?.string),
            name: unique,
            password: password,
            token: try #require(answer["access_token"]?.string)
        )
    }

    /// What the server says, be it an error.
    ///
    /// - Parameter path: Below the server, already percent-encoded.
    func answer(
        _ method: String,
        _ path: String,
        _ body: JSONValue? = nil,
        token: String?
    ) async throws -> HTTPReply {
        var request = HTTPRequest(method, url + path)
        if let token { request.headers.append(HTTPHeader("Authorization", "Bearer \(token)")) }
        if let body { request.body = .bytes(body.encoded) }
        return try await http.send(request)
    }

    /// - Parameter path: Below the server, already percent-encoded.
    func call(
        _ method: String,
        _ path: String,
        _ body: JSONValue? = nil,
        token: String?
    ) async throws -> JSONValue {
        let reply = try await answer(method, path, body, token: token)
        guard reply.status == 200 else {
            throw Unavailable(
                description: "\(method) \(path): \(reply.status) \(String(decoding: reply.body, as: UTF8.self))"
            )
        }
        return try JSONValue(parsing: reply.body)
    }

    func bytes(_ path: String, token: String) async throws -> [UInt8] {
        try await http.send(HTTPRequest("GET", url + path, headers: [HTTPHeader("Authorization", "Bearer \(token)")]))
            .body
    }

    func upload(_ bytes: [UInt8], name: String, mimeType: String, token: String) async throws -> String {
        let headers = [HTTPHeader("Authorization", "Bearer \(token)"), HTTPHeader("Content-Type", mimeType)]
        let address = url + "/_matrix/media/v3/upload?filename=" + name.percentEncoded
        let reply = try await http.send(HTTPRequest("POST", address, headers: headers, body: .bytes(bytes)))
        return try #require(try JSONValue(parsing: reply.body)["content_uri"]?.string)
    }
}

/// HMAC with SHA-1, which Synapse's registration asks for.
private func hmacSHA1(_ text: String, key: String) -> [UInt8] {
    let (key, bytes) = (Array(key.utf8), Array(text.utf8))
    var code = [UInt8](repeating: 0, count: 20)
    HMAC(EVP_sha1(), key, Int32(key.count), bytes, bytes.count, &code, nil)
    return code
}
