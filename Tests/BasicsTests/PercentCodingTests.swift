import Basics
import Testing

@Suite("Percent coding")
struct PercentCodingTests {
    @Test(arguments: [
        ("", ""), ("aZ09-._~", "aZ09-._~"), ("!a:b", "%21a%3Ab"), ("a b/c?d&e=f+g%", "a%20b%2Fc%3Fd%26e%3Df%2Bg%25"),
        ("ж€", "%D0%B6%E2%82%AC"), ("\r\n", "%0D%0A"),
    ])
    func `leaves only what is safe anywhere in a URL, and comes back`(text: String, encoded: String) {
        #expect(text.percentEncoded == encoded)
        #expect(encoded.percentDecoded == text)
    }

    @Test(arguments: ["%", "%4", "%zz", "a%f", "%FF"])
    func `decodes nothing that is broken`(text: String) {
        #expect(text.percentDecoded == nil)
    }
}
