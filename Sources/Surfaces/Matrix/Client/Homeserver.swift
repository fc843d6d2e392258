import Basics
import HTTP

/// A homeserver's client API over HTTP, without an account.
struct Homeserver: Sendable {
    /// Largest JSON answer: the first sync of an account in many rooms.
    private static let largestAnswer = 64 << 20

    let base: String
    let http: HTTPClient

    /// Makes one call and returns the JSON of its success.
    func json(_ call: MatrixCall, token: Secret?) async throws(MatrixFault) -> JSONValue {
        let reply: HTTPReply
        do { reply = try await http.send(call.request(to: base, token: token), limit: Self.largestAnswer) } catch {
            throw .unanswered(error)
        }
        guard (200..<300).contains(reply.status) else { throw .refused(MatrixRefusal(reply)) }
        do { return try JSONValue(parsing: reply.body) } catch {
            throw .malformed(reason: "the homeserver's answer is not JSON: \(error.reason)")
        }
    }

    /// Makes one call and returns its answer, success or not, with the body still to come.
    func open(_ call: MatrixCall, token: Secret?) async throws(MatrixFault) -> HTTPResponse {
        do { return try await http.open(call.request(to: base, token: token)) } catch { throw .unanswered(error) }
    }
}
