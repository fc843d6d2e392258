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

    /// What a front end answers when nobody is behind it.
    static let badGateway = HTTPServerResponse(
        status: 502,
        headers: [HTTPHeader("Content-Type", "text/html")],
        body: .bytes(Array("<html><body><h1>502 Bad Gateway</h1></body></html>".utf8))
    )
}
