import Basics
import Testing

@Suite("Digests and tokens")
struct DigestTests {
    // FIPS 180-4 examples, and the million “a” that fill many blocks.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func `SHA-256 agrees with the standard`(text: String, digest: String) {
        #expect(hex(sha256(Array(text.utf8))) == digest)
    }

    // RFC 4231, cases 1, 2 and 6, and an empty key.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        ([], "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
    ])
    func `HMAC-SHA256 agrees with the standard`(key: [UInt8], text: String, code: String) {
        #expect(hex(hmacSHA256(Array(text.utf8), key: key)) == code)
    }

    @Test func `compares whole secrets`() {
        #expect(equalInConstantTime([1, 2, 3], [1, 2, 3]))
        #expect(!equalInConstantTime([1, 2, 3], [1, 2, 4]))
        #expect(!equalInConstantTime([1, 2, 3], [1, 2]))
        #expect(equalInConstantTime([], []))
    }

    @Test func `tokens are of the alphabet, as long as asked, and differ`() {
        let tokens = (0..<100).map { _ in randomToken(length: 43) }

        #expect(Set(tokens).count == 100)
        #expect(tokens.allSatisfy { $0.utf8.count == 43 })
        #expect(Set(randomToken(length: 1000, alphabet: "ab")) == ["a", "b"])
        #expect(randomBytes(32).count == 32)
        #expect(randomBytes(32) != randomBytes(32))
    }
}

@Suite("Text and time")
struct TextTests {
    @Test(arguments: [
        ("", ""), (" \r\n\t ", ""), ("a", "a"), (" a b\r\n", "a b"), ("\u{A0}x", "\u{A0}x"), ("\u{B}é\u{C}", "é"),
    ])
    func `trims ASCII space`(text: String, trimmed: String) {
        #expect(text.trimmed() == trimmed)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1, "1970-01-01T00:00:00.001Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (1_795_428_009_250, "2026-11-23T10:00:09.250Z"), (1_709_210_096_007, "2024-02-29T12:34:56.007Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ])
    func `writes times as ISO 8601`(milliseconds: Int64, text: String) {
        #expect(iso8601(milliseconds: milliseconds, fraction: true) == text)
        #expect(iso8601(milliseconds: milliseconds) == "\(text.dropLast(5))Z")
    }

    @Test func `writes hexadecimal digits and fixed-width numbers`() {
        #expect(hex([0x00, 0x0F, 0xA5, 0xFF]) == "000fa5ff")
        #expect(Array("09afAF".utf8).map(hexDigitValue) == [0, 9, 10, 15, 10, 15])
        #expect(Array("/:@G`g".utf8).allSatisfy { hexDigitValue($0) == nil })
        #expect(digits(7, 3) == "007")
        #expect(digits(1234, 3) == "1234")
    }
}

@Suite("Suggestions")
struct SuggestionTests {
    @Test(arguments: [
        ("tokn", "token"), ("Token", "token"), ("tokens", "token"), ("otken", "token"), ("homserver", "homeserver"),
        ("accestoken", "accessToken"), ("x", nil), ("", nil), ("secret", nil), ("user", "user"), ("passwd", "password"),
    ])
    func `name what was probably meant`(typed: String, meant: String?) {
        #expect(suggestion(for: typed, among: ["token", "homeserver", "accessToken", "user", "password"]) == meant)
    }
}
