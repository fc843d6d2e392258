import Basics
import HTTP
import SurfaceKit
import Testing

@testable import Telegram

@Suite("Answers that are not the Bot API's")
struct ProxyTests {
    static let bodies = ["", "<html><h1>403 Forbidden</h1></html>", #"{"message":"Forbidden"}"#, #"{"ok":tr"#, "[]"]

    @Test(arguments: [301, 400, 401, 403, 404, 409, 418, 502, 503], bodies)
    func `leave the outcome open, whatever their status`(status: Int, body: String) async throws {
        let error = try await answered(status, body)

        guard case .unknownOutcome(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.hasPrefix("HTTP status \(status) without an answer of the Bot API"))
        #expect(!reason.contains("SECRET"))
    }

    @Test(arguments: bodies)
    func `tell only of size and pace`(body: String) async throws {
        guard case .refused(.tooLarge, _) = try await answered(413, body) else {
            Issue.record("413")
            return
        }
        guard case .unavailable(.seconds(7)?, true, _) = try await answered(429, body, retryAfter: "7") else {
            Issue.record("429")
            return
        }
    }

    private func answered(_ status: Int, _ body: String, retryAfter: String? = nil) async throws -> SurfaceError? {
        let headers = retryAfter.map { [HTTPHeader("Retry-After", $0)] } ?? []
        let listener = HTTPListener(address: SocketAddress(host: "127.0.0.1", port: 0))
        return try await listener.serve { _ in
            HTTPServerResponse(status: status, headers: headers, body: .bytes(Array(body.utf8)))
        } while: { address in
            let api = BotAPI(base: "http://\(address)", token: Secret("1:SECRET"), http: HTTPClient())
            do throws(BotAPIError) {
                _ = try await api.call("sendMessage")
                return nil
            } catch {
                return SurfaceError(error)
            }
        }
    }
}
