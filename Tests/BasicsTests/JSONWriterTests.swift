import Basics
import Testing

@Suite("JSON writer")
struct JSONWriterTests {
    static let values: [(JSONValue, String)] = [
        (JSONValue.null, "null"),
        (["b": 1, "a": [true, false, nil]], #"{"b":1,"a":[true,false,null]}"#),
        (.string("\u{0}\u{1F}\n\r\t\u{8}\"\\/"), #""\u0000\u001f\n\r\t\u0008\"\\/""#),
        ("é😀\u{2028}\u{7F}", "\"é😀\u{2028}\u{7F}\""),
        (.unpaired([0x22, 0xD83D, 0x41, 0xD83D, 0xDE00, 0xDC00, 0x0A]), #""\"\ud83dA😀\udc00\n""#),
        (.number(JSONNumber(Int64.min)), "-9223372036854775808"),
        (1.5, "1.5"),
        (.number(JSONNumber(Double.infinity)), "null"),
        (.number(JSONNumber(-Double.infinity)), "null"),
        (.number(JSONNumber(Double.nan)), "null"),
        (["\u{1}\"": ""], #"{"\u0001\"":""}"#),
    ]

    @Test(arguments: values)
    func `writes every kind of value`(value: JSONValue, text: String) {
        #expect(value.text == text)
    }

    @Test(arguments: [1e300, -1e-300, Double.leastNonzeroMagnitude, 0.1, 1e16, 123456789.125, -0.0])
    func `writes numbers that read as the same value`(number: Double) throws {
        let text = JSONValue.number(JSONNumber(number)).text

        #expect(try JSONValue(parsing: text.utf8).double?.bitPattern == number.bitPattern)
    }
}
