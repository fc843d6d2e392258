import Basics
import Testing

@testable import AgentLink

@Suite("A file from the agent")
struct AttachmentTests {
    private func files(_ values: [String], limits: AgentLimits = AgentLimits()) -> (Said, AgentTally) {
        var decoder = AGUIDecoder(.asking(runID: "ours"), limits: limits)
        let events = values.map { #"{"type":"CUSTOM","name":"attachment","value":\#($0)}"# }
        let said = decoder.replay(events + [#"{"type":"RUN_FINISHED","runId":"ours"}"#])
        return (said, decoder.tally)
    }

    private func value(
        type: String = "document",
        source: String = #"{"type":"data","value":"AQID","mimeType":"application/pdf"}"#,
        rest: String = #","metadata":{"filename":"r.pdf"}"#
    ) -> String {
        #"{"type":"\#(type)","source":\#(source)\#(rest)}"#
    }

    private let report = AgentFile(
        kind: .document,
        source: .data([1, 2, 3]),
        mimeType: "application/pdf",
        name: "r.pdf"
    )

    @Test func `comes as bytes`() {
        #expect(files([value()]).0.files == [report])
    }

    @Test func `comes as an address`() {
        let source = #"{"type":"url","value":"HTTPS://h.example/a%20b.png?x=1","mimeType":"Image/PNG; q=1"}"#

        let said = files([value(type: "image", source: source, rest: "")]).0

        let address = AgentFile.Source.url("HTTPS://h.example/a%20b.png?x=1")
        #expect(said.files == [AgentFile(kind: .image, source: address, mimeType: "image/png", name: "image.png")])
    }

    @Test func `comes as JSON in a string, from servers that send only text`() {
        let text = JSONValue.string(value()).text

        #expect(files([text]).0.files == [report])
    }

    @Test(arguments: ["image", "audio", "video", "document"])
    func `is of a kind that messengers know`(kind: String) {
        #expect(files([value(type: kind)]).0.files.first?.kind.rawValue == kind)
    }

    @Test(arguments: [
        #"{"type":"hologram","source":{"type":"data","value":"AQID","mimeType":"a/b"}}"#,
        #"{"type":"image"}"#,
        #"{"type":"image","source":{"type":"data","value":"AQID"}}"#,
        #"{"type":"image","source":{"type":"data","value":"AQID","mimeType":"png"}}"#,
        #"{"type":"image","source":{"type":"data","value":"AQID","mimeType":"image/p ng"}}"#,
        #"{"type":"image","source":{"type":"data","value":"not base64!","mimeType":"image/png"}}"#,
        #"{"type":"image","source":{"type":"data","value":"","mimeType":"image/png"}}"#,
        #"{"type":"image","source":{"type":"data","mimeType":"image/png"}}"#,
        #"{"type":"image","source":{"type":"file","value":"file-1","mimeType":"image/png"}}"#,
        #"{"type":"image","source":{"type":"url","value":"file:///etc/passwd"}}"#,
        #"{"type":"image","source":{"type":"url","value":"javascript://h/x"}}"#,
        #"{"type":"image","source":{"type":"url","value":"https:///x"}}"#,
        #"{"type":"image","source":{"type":"url","value":"https://h/a b"}}"#,
        #"{"type":"image","source":{"type":"url","value":"https://h/\r\nX: y"}}"#,
        "null", "7", "[]", "{}", #""text""#,
    ])
    func `is dropped and counted when it breaks the contract`(value: String) {
        let (said, tally) = files([value])

        #expect(said.files == [])
        #expect(tally.dropped == 1)
        #expect(said.ending == .finished)
    }

    @Test func `is one of a limited number`() {
        var limits = AgentLimits()
        limits.attachments = 2

        let (said, tally) = files(Array(repeating: value(), count: 5), limits: limits)

        #expect(said.files.count == 2)
        #expect(tally.dropped == 3)
    }

    @Test func `is not what a tool returned`() {
        var decoder = AGUIDecoder(.asking(runID: "ours"))

        let said = decoder.replay([
            #"{"type":"TOOL_CALL_RESULT","messageId":"m","toolCallId":"t","content":[{"type":"image","source":{"type":"data","value":"AQID","mimeType":"image/png"}}]}"#
        ])

        #expect(said.files == [])
    }

    @Test(arguments: [
        ("r.pdf", "r.pdf"), ("../../etc/passwd", "passwd"), (#"C:\\Windows\\x.exe"#, "x.exe"), ("  .hidden ", "hidden"),
        ("фото 👩‍👧.jpg", "фото 👩‍👧.jpg"), (#"a\u0000b\n.txt"#, "ab.txt"), (#"\u202egpj.exe"#, "gpj.exe"),
        ("/", "document.pdf"), ("", "document.pdf"), ("...", "document.pdf"), (" ", "document.pdf"),
    ])
    func `has a name that misleads nobody`(name: String, clean: String) {
        let said = files([value(rest: #","metadata":{"filename":"\#(name)"}"#)]).0

        #expect(said.files.first?.name == clean)
    }

    @Test func `has a name of limited length that keeps its ending`() {
        let name = AgentFileName.clean(String(repeating: "я", count: 500) + ".pdf")

        #expect(name?.count == 120)
        #expect(name?.hasSuffix("я.pdf") == true)
    }
}
