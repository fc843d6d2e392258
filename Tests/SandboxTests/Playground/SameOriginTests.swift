import HTTP
import Testing

@testable import Sandbox

@Suite("Same origin")
struct SameOriginTests {
    static let passing: [(String, [String: String])] = [
        ("GET", ["Host": "127.0.0.1:8090"]), ("GET", ["Host": "localhost"]), ("GET", ["Host": "[::1]:9"]),
        ("GET", ["Host": "LOCALHOST:8090", "Origin": "http://localhost:8090"]),
        ("POST", ["Host": "127.0.0.1:1", "Content-Type": "application/json"]),
        (
            "POST",
            [
                "Host": "127.0.0.1:1", "Content-Type": "application/json; charset=utf-8",
                "Origin": "http://127.0.0.1:1",
            ]
        ),
    ]

    static let refused: [(String, [String: String], Int)] = [
        ("GET", [:], 403), ("GET", ["Host": "evil.example"], 403), ("GET", ["Host": "127.0.0.1.evil.example"], 403),
        ("GET", ["Host": "127.0.0.1:1", "Origin": "http://evil.example"], 403),
        ("GET", ["Host": "127.0.0.1:1", "Origin": "http://127.0.0.1:2"], 403),
        ("GET", ["Host": "127.0.0.1:1", "Origin": "null"], 403), ("GET", ["Host": "[::1"], 403),
        ("POST", ["Host": "127.0.0.1:1"], 415), ("POST", ["Host": "127.0.0.1:1", "Content-Type": "text/plain"], 415),
    ]

    @Test(arguments: passing)
    func `lets this machine’s own page pass`(method: String, headers: [String: String]) {
        #expect(SameOrigin.refusal(of: request(method, headers)) == nil)
    }

    @Test(arguments: refused)
    func `refuses other sites, by whatever name they come`(method: String, headers: [String: String], status: Int) {
        #expect(SameOrigin.refusal(of: request(method, headers))?.status == status)
    }

    private func request(_ method: String, _ headers: [String: String]) -> HTTPServerRequest {
        HTTPServerRequest(
            method: method,
            path: "/api/say",
            query: [],
            headers: headers.map { HTTPHeader($0.key, $0.value) },
            body: []
        )
    }
}
