import AgentLink
import Basics
import SurfaceKit
import Testing

@testable import State

@Suite("Stored form that is broken")
struct HostileFormTests {
    @Test(
        arguments: [
            (nil, "", .missing),
            ("", "", .notJSON(reason: "byte 0")),
            ("{", "", .notJSON(reason: "byte 1")),
            ("[]", "", .expected("an object")),
            ("7", "", .expected("an object")),
            (#"{"v":1}"#, "v", .unknownVersion),
            (#"{"v":3,"text":{}}"#, "v", .unknownVersion),
            (#"{"v":"2","text":{}}"#, "v", .unknownVersion),
            (#"{"v":1e400,"text":{}}"#, "v", .unknownVersion),
            (#"{"v":2}"#, "", .expected("one of text, file")),
            (#"{"v":2,"text":{},"file":{}}"#, "", .expected("one of text, file")),
            (#"{"v":2,"text":7}"#, "text", .expected("an object")),
            (#"{"v":2,"text":{"source":7}}"#, "text.source", .expected("a text")),
            (#"{"v":2,"text":{"source":null}}"#, "text.source", .missing),
            (#"{"v":2,"text":{"source":"","format":"html"}}"#, "text.format", .unknownWord),
            (#"{"v":2,"text":{"source":"","format":["plain"]}}"#, "text.format", .unknownWord),
            (#"{"v":2,"text":{"source":"","format":"plain","public":1}}"#, "text.public", .expected("true or false")),
            (#"{"text":{"source":"","format":"plain"}}"#, "text._0", .missing),
            (#"{"text":{"_0":{"format":"plain"}}}"#, "text._0.source", .missing),
            (#"{"sound":{"_0":{}}}"#, "", .expected("one of text, file")),
        ] as [(String?, String, StoredFormError.Fault)]
    )
    func `a message that cannot be read says where`(stored: String?, field: String, fault: StoredFormError.Fault) {
        #expect(throws: StoredFormError(value: "message content", field: field, fault: fault)) {
            try MessageContent(stored: stored)
        }
    }

    @Test(arguments: ["9223372036854775808", "-9223372036854775809", "1e400", "-1e400", "0.5", "1e18", #""5""#, "[]"])
    func `a size that is no number of this machine is refused`(size: String) {
        let fault = StoredFormError.Fault.expected("a whole number of 64 bits")
        #expect(throws: StoredFormError(value: "file of a person", field: "size", fault: fault)) {
            try InboundFile(
                stored: #"{"v":2,"reference":"","kind":"image","name":"","mimeType":"","size":\#(size)}"#
            )
        }
    }

    @Test(arguments: [
        "", "/", "..", "../17/out1", "17/../../out1", "17//out1", "17/", "./17/out1", "/etc/passwd", "/files",
        "/files/",
        "/state/files/../secret", "/state/files/17/..", "17/out1\u{0}",
    ])
    func `a path out of the folder of files is neither read nor written`(path: String) throws {
        let file = OutboundFile(path: path, kind: .image, name: "", mimeType: "", size: 1)
        let text = JSONValue.string(path).text
        let stored = #"{"v":2,"file":{"path":\#(text),"kind":"image","name":"","mimeType":"","size":1}}"#

        let error = StoredFormError(value: "message content", field: "file.path", fault: .outside)
        #expect(throws: error) { try MessageContent(stored: stored) }
        #expect(throws: error) { try MessageContent.file(file).stored() }
    }

    @Test(arguments: [
        ("17/out1", "17/out1"), ("/srv/state/files/17/out1", "17/out1"), ("/srv/files/state/files/17/out1", "17/out1"),
    ])
    func `a path is relative to the last folder of files`(path: String, relative: String) {
        #expect(StoredPath(path)?.text == relative)
    }

    @Test(
        arguments: [
            (#"{"v":2,"id":"a","role":"user"}"#, "parts", .missing),
            (#"{"v":2,"id":"a","role":"user","parts":{}}"#, "parts", .expected("a list")),
            (#"{"v":2,"id":"a","role":"user","parts":[{"text":""},7]}"#, "parts[1]", .expected("an object")),
            (#"{"v":2,"id":"a","role":"system","parts":[]}"#, "role", .unknownWord),
            (#"{"id":"a","role":"user","parts":[{"text":"no case"}]}"#, "parts[0].text", .expected("an object")),
        ] as [(String, String, StoredFormError.Fault)]
    )
    func `a message of a transcript that cannot be read says where`(
        stored: String,
        field: String,
        fault: StoredFormError.Fault
    ) {
        #expect(throws: StoredFormError(value: "message of a transcript", field: field, fault: fault)) {
            try AgentMessage(stored: stored)
        }
    }

    @Test func `bytes that are none are refused`() {
        for source in [#"{"data":"%%"}"#, #"{"data":[1]}"#, #"{"data":{}}"#] {
            #expect(throws: StoredFormError.self) { try AgentMessage(stored: message(source, #""v":2,"#)) }
        }
        for source in [#"{"data":{"_0":[256]}}"#, #"{"data":{"_0":[-1]}}"#, #"{"data":{"_0":"AA=="}}"#] {
            #expect(throws: StoredFormError.self) { try AgentMessage(stored: message(source, "")) }
        }
    }

    private func message(_ source: String, _ version: String) -> String {
        let file = #"{"kind":"image","source":\#(source),"mimeType":"m","name":"n"}"#
        let part = version.isEmpty ? #"{"file":{"_0":\#(file)}}"# : #"{"file":\#(file)}"#
        return #"{\#(version)"id":"a","role":"user","parts":[\#(part)]}"#
    }

    @Test func `deep nesting ends in an error`() {
        let depth = 100_000
        let deep = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)

        #expect(throws: StoredFormError.self) { try Question(stored: #"{"v":2,"text":"","later":\#(deep)}"#) }
    }

    @Test func `a stored value that lost or changed a byte is read or refused, and never ends the process`() throws {
        var random = RandomValues(seed: 5)
        for _ in 0..<300 {
            try mangle(random.content(), with: &random)
            try mangle(random.question(), with: &random)
            try mangle(random.agentMessage(), with: &random)
            try mangle(random.event(), with: &random)
        }
    }

    private func mangle<Value: StoredForm & Equatable>(_ value: Value, with random: inout RandomValues) throws {
        var bytes = Array(try value.stored().utf8)
        let index = Int.random(in: bytes.indices, using: &random)
        if random.flag() { bytes[index] = UInt8(truncatingIfNeeded: random.next()) } else { bytes.remove(at: index) }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let read = try? Value(stored: text) else { return }
        #expect(try Value(stored: read.stored()) == read)
    }

    @Test func `an error tells nothing of the content`() {
        let stored = #"{"v":2,"text":{"source":"my secret","format":"my secret"}}"#

        let error = #expect(throws: StoredFormError.self) { try MessageContent(stored: stored) }

        #expect(error?.description == "a stored message content cannot be used: text.format: an unknown word")
    }
}
