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
        #"{"type":"image","source":{"type":"url","value":"AQID","mimeType":"image/png"}}"#,
        #"{"type":"image","source":{"type":"url","value":"data:image/png;base64,"}}"#,
        #"{"type":"image","source":{"type":"data","value":"https://h.example/a.png"}}"#,
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
    func `is told to be lost when it holds nothing that could be delivered`(value: String) {
        let (said, tally) = files([value])

        #expect(said.files == [])
        #expect(said.lost == 1)
        #expect(tally.dropped == 1)
        #expect(said.ending == .finished)
    }

    @Test(arguments: [
        #"{"type":"document","source":{"type":"url","value":"data:application/pdf;base64,JVBERi0="}}"#,
        #"{"type":"document","source":{"type":"data","value":"DATA:application/pdf;base64,JVBERi0="}}"#,
        #"{"type":"document","source":{"type":"url","value":"data:application/pdf,%25PDF-"}}"#,
        #"{"type":"document","source":{"type":"url","value":"data:;base64,JVBERi0"}}"#,
        #"{"type":"document","source":{"type":"data","value":"JVBE\r\nRi0=\r\n","mimeType":"application/pdf"}}"#,
        #"{"type":"document","source":{"type":"data","value":"JVBERi0","mimeType":"pdf"}}"#,
        #"{"type":"document","source":{"type":"data","value":"JVBERi0="}}"#,
        #"{"type":"document","source":{"type":"base64","data":"JVBERi0=","media_type":"application/pdf"}}"#,
        #"{"type":"binary","mimeType":"application/pdf","data":"JVBERi0="}"#,
        #"{"type":"file","file":{"file_data":"data:application/pdf;base64,JVBERi0="}}"#,
    ])
    func `is read in the forms in which servers send it`(value: String) {
        let file = files([value]).0.files.first

        #expect(file?.source == .data(Array("%PDF-".utf8)))
        #expect(file?.kind == .document)
        #expect(file?.mimeType == "application/pdf")
        #expect(file?.name == "document.pdf")
    }

    @Test(arguments: [
        ("iVBORw0KGgo=", "", "image/png"), ("AQID", #","metadata":{"filename":"a.JPG"}"#, "image/jpeg"),
        ("AQID", "", "application/octet-stream"),
    ])
    func `is of the type that its bytes or its name tell when none is given`(data: String, rest: String, type: String) {
        let said = files([value(type: "image", source: #"{"type":"data","value":"\#(data)"}"#, rest: rest)]).0

        #expect(said.files.first?.mimeType == type)
    }

    @Test func `is one of a limited number`() {
        var limits = AgentLimits()
        limits.attachments = 2

        let (said, tally) = files(Array(repeating: value(), count: 5), limits: limits)

        #expect(said.files.count == 2)
        #expect(said.lost == 3)
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
