import Basics
import HTTP
import SurfaceKit
import Testing

@testable import Telegram

@Suite("Answers that are not the Bot API's")
struct ProxyTests {
    static let bodies = ["", "<html><h1>403 Forbidden</h1></html>", #"{"message":"Forbidden"}"#, #"{"ok":tr"#, "[]"]

    @Test(arguments: [301, 400, 401, 403, 404, 409, 418, 502, 503], bodies)
    func `leave the outcome open, whatever their status`(status: Int, body: String) {
        let error = answered(status, body)

        guard case .unknownOutcome(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.hasPrefix("HTTP status \(status) without an answer of the Bot API"))
        #expect(!reason.contains("SECRET"))
    }

    @Test(arguments: bodies)
    func `tell only of size and pace`(body: String) {
        guard case .refused(.tooLarge, _) = answered(413, body) else {
            Issue.record("413")
            return
        }
        guard case .unavailable(.seconds(7)?, true, _) = answered(429, body, retryAfter: "7") else {
            Issue.record("429")
            return
        }
    }

    private func answered(_ status: Int, _ body: String, retryAfter: String? = nil) -> SurfaceError? {
        let headers = retryAfter.map { [HTTPHeader("Retry-After", $0)] } ?? []
        let api = BotAPI(base: "http://127.0.0.1:9", token: Secret("1:SECRET"), http: HTTPClient())
        do throws(BotAPIError) {
            _ = try api.result(of: HTTPReply(status: status, headers: headers, body: Array(body.utf8)))
            return nil
        } catch {
            return SurfaceError(error)
        }
    }
}
