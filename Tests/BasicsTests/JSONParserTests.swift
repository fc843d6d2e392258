import Basics
import Testing

@Suite("JSON parser")
struct JSONParserTests {
    static let values: [(String, JSONValue)] = [
        ("null", JSONValue.null),
        ("true", true),
        ("false", false),
        (" \t\r\n 1 \r\n", 1),
        ("[]", []),
        ("{}", [:]),
        ("[ ]", []),
        ("{ }", [:]),
        ("[1,[2,[]],{}]", [1, [2, []], [:]]),
        (#"{"a":{"b":[null]}}"#, ["a": ["b": [nil]]]),
        (#"{"":""}"#, ["": ""]),
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""é€😀""#, "é€😀"),
        (#""\u00e9\u20AC\ud83d\ude00""#, "é€😀"),
        (#""a\u0000b""#, "a\0b"),
        (#""\uFFFE""#, .string(String(decoding: [0xFFFE], as: UTF16.self))),
        ("\"\u{2028}\u{7F}\"", "\u{2028}\u{7F}"),
        (#"{"a":1,"a":2}"#, .object(JSONObject([.init(key: "a", value: 1), .init(key: "a", value: 2)]))),
        (#"{"\u0061":1}"#, ["a": 1]),
    ]

    @Test(arguments: values)
    func `reads every kind of value`(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text.utf8) == value)
    }

    @Test(arguments: [
        "0", "-0", "12", "-9223372036854775808", "18446744073709551616", "1.5", "-0.0", "1e3", "1E+3", "2.5e-308",
        "1e400",
        "0.1000000000000000000000000000000001",
    ])
    func `keeps numbers as they are written`(text: String) throws {
        #expect(try JSONValue(parsing: text.utf8) == .number(JSONNumber(text: text)))
        #expect(try JSONValue(parsing: text.utf8).text == text)
    }

    @Test(arguments: [
        ("9223372036854775807", Int64.max), ("-9223372036854775808", .min), ("9007199254740993", 9_007_199_254_740_993),
        ("5.0", 5), ("1e3", 1000), ("-0", 0), ("9223372036854775808", nil), ("1.5", nil), ("1e400", nil), ("1e18", nil),
    ])
    func `never rounds a 64-bit number`(text: String, value: Int64?) throws {
        #expect(try JSONValue(parsing: text.utf8).int64 == value)
    }

    @Test(arguments: [
        (#""\ud83d""#, [0xD83D]),
        (#""\ude00""#, [0xDE00]),
        (#""a\ud83d\u0041é""#, [0x61, 0xD83D, 0x41, 0xE9]),
        (#""\ud83d\ud83d\ude00""#, [0xD83D, 0xD83D, 0xDE00]),
        (#""\ud83d\\ude00""#, [0xD83D] + Array("\\ude00".utf16)),
        (#""\ud83d\n😀\ude00""#, [0xD83D, 0x0A, 0xD83D, 0xDE00, 0xDE00]),
    ])
    func `keeps a surrogate half whose partner is missing`(text: String, units: [UInt16]) throws {
        let value = try JSONValue(parsing: text.utf8)

        #expect(value == .unpaired(units))
        #expect(value.string == String(decoding: units, as: UTF16.self))
        #expect(try JSONValue(parsing: value.encoded) == value)
    }

    @Test(arguments: [
        ("", "empty", 1, 1), (" \n ", "empty", 2, 2), ("\u{FEFF}{}", "byte order mark", 1, 1),
        ("[1,]", "comma", 1, 4), ("{\"a\":1,}", "comma", 1, 8), ("[1 2]", "expected “,” or “]”, found “2”", 1, 4),
        ("{\"a\" 1}", "expected “:”", 1, 6), ("{\"a\":1 \"b\":2}", "expected “,” or “}”", 1, 8),
        ("{a:1}", "key in double quotes, found “a”", 1, 2), ("{'a':1}", "found “'”", 1, 2),
        ("{1:1}", "found “1”", 1, 2),
        ("[", "the end of the text", 1, 2), ("{", "the end of the text", 1, 2), ("[1", "the end of the text", 1, 3),
        ("{\"a\"", "the end of the text", 1, 5), ("{\"a\":", "expected a value, found the end", 1, 6),
        ("]", "found “]”", 1, 1), ("{}}", "after the end", 1, 3), ("1 2", "after the end", 1, 3),
        ("// x\n{}", "comment", 1, 1), ("{\n  /* x */ \"a\": 1}", "comment", 2, 3),
        ("{} # x", "“#” after the end", 1, 4),
        ("nul", "found “n”", 1, 1), ("True", "found “T”", 1, 1), ("truex", "“x” after", 1, 5),
        ("NaN", "found “N”", 1, 1),
        ("Infinity", "found “I”", 1, 1), ("-Infinity", "digit is missing", 1, 2), ("+1", "found “+”", 1, 1),
        ("01", "begin with 0", 1, 1), ("-01", "begin with 0", 1, 1), ("1.", "digit is missing", 1, 3),
        (".5", "found “.”", 1, 1),
        ("1e", "digit is missing", 1, 3), ("1e+", "digit is missing", 1, 4), ("-", "digit is missing", 1, 2),
        ("0x1", "“x” after the end", 1, 2), ("\"abc", "not closed", 1, 1), ("[\"a\\\"]", "not closed", 1, 2),
        ("\"\\", "not closed", 1, 1), ("\"a\tb\"", "byte 9", 1, 3), ("\"a\nb\"", "byte 10", 1, 3),
        ("\"\u{0}\"", "byte 0", 1, 2),
        (#""\x""#, "unknown escape", 1, 2), (#""\u12G4""#, "four hexadecimal", 1, 2),
        (#""\u12""#, "four hexadecimal", 1, 2),
        (#""\u""#, "four hexadecimal", 1, 2), (#""ab\ud83d\u""#, "four hexadecimal", 1, 10),
        (#""\U0041""#, "unknown escape", 1, 2),
        ("\"\\\u{1}\"", "unknown escape", 1, 2), ("\u{A0}1", "found “\u{A0}”", 1, 1), ("[1,\r\n,]", "found “,”", 2, 1),
        ("\u{7F}", "control character", 1, 1),
    ])
    func `refuses what is not JSON, and says where`(text: String, reason: String, line: Int, column: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text.utf8) }

        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
        #expect(error?.line == line)
        #expect(error?.column == column)
    }

    @Test(arguments: [
        ([0x22, 0xFF, 0x22], 1), ([0x22, 0x61, 0xC3, 0x22], 2), ([0x22, 0xED, 0xA0, 0x80, 0x22], 1),
        ([0x22, 0xC0, 0xAF, 0x22], 1), ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1), ([0x22, 0xC3, 0xA9, 0x80, 0x22], 3),
        ([0x22, 0x5C, 0x6E, 0x80, 0x22], 3), ([0xFF], 0), ([0x5B, 0x80], 1), ([0x22, 0x5C, 0xC3, 0xA9, 0x22], 1),
    ])
    func `refuses bytes that are not UTF-8, and says where`(bytes: [UInt8], offset: Int) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
        #expect { try JSONValue(parsing: bytes) } throws: { ($0 as? JSONError)?.offset == offset }
    }

    @Test(arguments: ["[", "{\"a\":", "[{\"a\":["])
    func `stops at the depth cap, however deep a text goes`(piece: String) {
        let bomb = String(repeating: piece, count: 1_000_000)

        #expect { try JSONValue(parsing: bomb.utf8, limits: JSONLimits(depth: 1_000_000)) } throws: {
            ($0 as? JSONError)?.reason == "nested deeper than 512 levels"
        }
    }

    @Test func `reads what is just as deep as allowed`() throws {
        let text = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)

        #expect(try JSONValue(parsing: text.utf8, limits: JSONLimits(depth: 512)).text == text)
        #expect(throws: JSONError.self) { try JSONValue(parsing: text.utf8, limits: JSONLimits(depth: 511)) }
    }

    @Test func `refuses a text that is longer than allowed`() throws {
        #expect(try JSONValue(parsing: "[1234]".utf8, limits: JSONLimits(bytes: 6)) == [1234])
        #expect(throws: JSONError.self) { try JSONValue(parsing: "[1234]".utf8, limits: JSONLimits(bytes: 5)) }
    }
}
