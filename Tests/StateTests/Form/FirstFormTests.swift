import AgentLink
import SurfaceKit
import Testing

@testable import State

@Suite("Stored form of 0.1")
struct FirstFormTests {
    private static let folder = "/var/lib/surfaces/state/files"

    @Test(arguments: [
        (
            #"{"text":{"_0":{"isPublic":true,"source":"Hi","format":"markdown"}}}"#,
            MessageContent.text(MessageText("Hi", isPublic: true))
        ),
        (#"{"text":{"_0":{"source":"Hi","format":"plain"}}}"#, .text(MessageText("Hi", format: .plain))),
        (
            #"{"file":{"_0":{"size":5,"path":"\#(folder)/17/out1","mimeType":"text\/csv","name":"r","kind":"document"}}}"#,
            .file(OutboundFile(path: "17/out1", kind: .document, name: "r", mimeType: "text/csv", size: 5))
        ),
    ])
    func `a message is read`(stored: String, content: MessageContent) throws {
        #expect(try MessageContent(stored: stored) == content)
    }

    @Test func `a staged file is read`() throws {
        let stored =
            #"{"kind":"image","reference":{"rawValue":"mxc:\/\/h\/1"},"size":5,"name":"a","mimeType":"image\/png"}"#

        #expect(
            try InboundFile(stored: stored)
                == InboundFile(
                    reference: FileReference("mxc://h/1"),
                    kind: .image,
                    name: "a",
                    mimeType: "image/png",
                    size: 5
                )
        )
    }

    @Test(arguments: [
        (#"{"text":"Hi","files":[]}"#, Question(text: "Hi", files: [])),
        (#"{"text":"Hi"}"#, Question(text: "Hi", files: [])),
        (
            #"{"text":"Hi","files":[],"speaker":"Ann","quote":{"text":"Before","files":[],"author":"Bob","id":"q"}}"#,
            Question(
                text: "Hi",
                files: [],
                quote: QuotedMessage(id: "q", author: "Bob", text: "Before"),
                speaker: "Ann"
            )
        ),
        (
            #"{"text":"","files":[{"kind":"audio","reference":{"rawValue":"r"},"name":"a","mimeType":"m"}]}"#,
            Question(
                text: "",
                files: [
                    InboundFile(reference: FileReference("r"), kind: .audio, name: "a", mimeType: "m", size: nil)
                ]
            )
        ),
    ])
    func `a question is read`(stored: String, question: Question) throws {
        #expect(try Question(stored: stored) == question)
    }

    @Test(arguments: [
        (#"{"path":{"_0":"17\/in0"}}"#, AgentFile.Source.path("17/in0")),
        (#"{"data":{"_0":[0,255]}}"#, .data([0, 255])),
        (#"{"url":{"_0":"https:\/\/h\/v"}}"#, .url("https://h/v")),
    ])
    func `a message of a transcript is read`(source: String, expected: AgentFile.Source) throws {
        let file = #"{"file":{"_0":{"kind":"image","source":\#(source),"mimeType":"m","name":"n"}}}"#
        let stored = #"{"id":"a1","role":"assistant","parts":[{"text":{"_0":"Hi"}},\#(file)]}"#

        let message = try AgentMessage(stored: stored)

        let read = AgentFile(kind: .image, source: expected, mimeType: "m", name: "n")
        #expect(message == AgentMessage(id: "a1", role: .assistant, parts: [.text("Hi"), .file(read)]))
    }

    @Test func `an event was not stored by it`() {
        #expect(throws: StoredFormError(value: "event", fault: .unknownVersion)) {
            try InboundEvent(stored: #"{"id":"e"}"#)
        }
    }
}
