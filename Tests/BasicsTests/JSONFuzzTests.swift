import Basics
import ChildProcess
import Foundation
import Testing

/// Changes texts of a corpus at random, the same way in every run, and compares with Python’s parser.
@Suite("JSON parser under mutated texts")
struct JSONFuzzTests {
    static let corpus = [
        #"{"type":"TEXT_MESSAGE_CONTENT","messageId":"m-1","delta":"Hé\n\u00e9 \ud83d\ude00 😀"}"#,
        #"[0,-1,1.5,1e3,1E-2,12345678901234567890,0.000001,-0.0]"#,
        #"{"a":{"b":[true,false,null,{"c":[]}]},"":[[],[[]]],"a":1}"#,
        "{\r\n\t\"k\" : [ 1 , \"two\" ] \n}",
        #"["\"\\\/\b\f\n\r\t","\u0000\uffff","\u007f"]"#,
    ]
    static let alphabet =
        Array("{}[]:,\"\\/ubfnrtslae0123456789.-+eE \t\r\n'#xdD".utf8) + [
            0xC3, 0xA9, 0xF0, 0x80, 0xFF, 0x00, 0x1F, 0xED,
        ]

    /// Reads texts in base64 and answers each with its value, numbers as strings and objects as arrays of pairs.
    static let reference = """
        import base64, json, sys
        def refuse(word): raise ValueError(word)
        for line in sys.stdin:
            try:
                text = base64.b64decode(line).decode("utf-8")
                value = json.loads(text, parse_int=str, parse_float=str, parse_constant=refuse,
                                   object_pairs_hook=lambda pairs: ["object", *map(list, pairs)])
                print(json.dumps(value))
            except ValueError:
                print()
        """

    @Test func `agrees with another parser, and writes what reads the same`() throws {
        var generator = SplitMix64(state: 1)
        let texts = (0..<30_000).map { _ in mutated(using: &generator) }

        let answers = try referenceAnswers(to: texts)

        try #require(answers.count == texts.count)
        for (text, answer) in zip(texts, answers) {
            let value = try? JSONValue(parsing: text)
            let expected: JSONValue? = answer.isEmpty ? .none : try JSONValue(parsing: answer)
            #expect(value.map(plain) == expected, "\(String(reflecting: String(decoding: text, as: UTF8.self)))")
            guard let value else { continue }
            #expect(try JSONValue(parsing: value.encoded) == value)
            #expect(try JSONDocument(parsing: text).root == value)
        }
    }

    private func mutated(using generator: inout SplitMix64) -> [UInt8] {
        var bytes = Array(Self.corpus.randomElement(using: &generator, or: "").utf8)
        for _ in 0..<Int.random(in: 0...3, using: &generator) where !bytes.isEmpty {
            let position = Int.random(in: bytes.indices, using: &generator)
            let byte = Self.alphabet.randomElement(using: &generator, or: 0)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[position] = byte
            case 1: bytes.insert(byte, at: position)
            case 2: bytes.remove(at: position)
            default: bytes.removeSubrange(position..<min(position + 5, bytes.count))
            }
        }
        return bytes
    }

    private func referenceAnswers(to texts: [[UInt8]]) throws -> [[UInt8]] {
        let input = FileManager.default.temporaryDirectory.appending(path: "json-fuzz-\(UUID().uuidString)")
        try Data(texts.map { Data($0).base64EncodedString() }.joined(separator: "\n").utf8).write(to: input)
        defer { try? FileManager.default.removeItem(at: input) }
        let python = try ChildProcess("python3", ["-c", Self.reference], input: input.path, output: .pipe)
        return python.readOutput().split(separator: 0x0A, omittingEmptySubsequences: false).dropLast().map(Array.init)
    }

    /// The value as the reference answers it.
    private func plain(_ value: JSONValue) -> JSONValue {
        switch value {
        case .number(let number): .string(number.text)
        case .array(let elements): .array(elements.map(plain))
        case .object(let object):
            .array(["object"] + object.members.map { .array([.string($0.key), plain($0.value)]) })
        default: value
        }
    }
}

extension Array {
    fileprivate func randomElement(using generator: inout SplitMix64, or fallback: Element) -> Element {
        randomElement(using: &generator) ?? fallback
    }
}

/// A generator whose numbers depend only on its seed (Steele, Lea and Flood 2014).
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
