import Basics
import HTTP

extension HTTPServerResponse {
    /// No answer: the connection is closed.
    static let dropped = HTTPServerResponse(status: 0)

    static func json(_ value: JSONValue, status: Int = 200) -> HTTPServerResponse {
        HTTPServerResponse(
            status: status,
            headers: [HTTPHeader("Content-Type", "application/json")],
            body: .bytes(value.encoded)
        )
    }
}
