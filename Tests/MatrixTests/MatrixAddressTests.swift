import Basics
import HTTP
import SurfaceKit
import Testing

@testable import Matrix

@Suite("Matrix addresses and options")
struct MatrixAddressTests {
    @Test(arguments: [
        ("mxc://localhost/abc", true), ("mxc://a.b:8448/x-_9", true), ("mxc://localhost", false), ("mxc:///abc", false),
        ("mxc://localhost/", false), ("mxc://a/b/c", false), ("https://localhost/abc", false), ("", false),
    ])
    func `of media name a server and a file`(text: String, isAddress: Bool) {
        #expect((MediaAddress(text) != nil) == isAddress)
    }

    @Test(
        arguments: [
            ("/other", "https://a.b/other", true), ("https://A.B:443/x", nil, true),
            ("https://c.d/x", "https://c.d/x", false),
            ("https://a.b:8448/x", "https://a.b:8448/x", false), ("//c.d/x", "https://c.d/x", false),
        ] as [(String, String?, Bool)]
    )
    func `of redirects keep the token at home`(location: String, url: String?, isSameOrigin: Bool) throws {
        let target = try #require(RedirectTarget(location, from: "https://a.b/_matrix/x"))

        if let url { #expect(target.url == url) }
        #expect(target.isSameOrigin == isSameOrigin)
    }

    @Test(arguments: ["http://a.b/x", "ftp://a.b/x", "javascript:alert(1)", "file:///etc/passwd"])
    func `of redirects never leave HTTPS`(location: String) {
        #expect(RedirectTarget(location, from: "https://a.b/x") == nil)
    }

    @Test func `escape identifiers`() {
        var call = MatrixCall.v3("GET", "rooms", "!a/b?c#d:e", "event", "$x+y")
        call.query = [("from", "s1_2&x=y")]

        let request = call.request(to: "https://a.b", token: Secret("t"))

        #expect(
            request.url
                == "https://a.b/_matrix/client/v3/rooms/%21a%2Fb%3Fc%23d%3Ae/event/%24x%2By?from=s1_2%26x%3Dy"
        )
        #expect(request.headers["Authorization"] == "Bearer t")
    }

    @Test(
        arguments: [
            (["accessToken"], []), (["user", "password"], []), ([], [nil]), (["user"], ["user"]),
            (["password"], ["password"]), (["accessToken", "user"], ["user"]),
            (["accessToken", "user", "password"], ["user", "password"]),
        ] as [([String], [String?])]
    )
    func `ask for exactly one kind of credentials`(given: [String], wrong: [String?]) {
        let values = OptionValues(Dictionary(uniqueKeysWithValues: given.map { ($0, .string("x")) }))

        #expect(MatrixOptions.contradictions(in: values).map(\.key) == wrong)
    }

    @Test func `take the homeserver with and without a slash`() {
        let options = MatrixOptions(OptionValues(["homeserver": .string("https://a.b/matrix//")]))

        #expect(options.homeserver == "https://a.b/matrix")
        #expect(options.joinsInvitations)
    }
}
