import AgentLink
import Basics
import SurfaceKit
import Testing

@testable import State

@Suite("Stored form")
struct StoredFormTests {
    @Test func `what is written is read back the same, whatever it holds`() throws {
        var random = RandomValues(seed: 4)
        for _ in 0..<500 {
            try expectSame(random.content())
            try expectSame(random.file())
            try expectSame(random.question())
            try expectSame(random.agentMessage())
            try expectSame(random.event())
        }
    }

    private func expectSame<Value: StoredForm & Equatable>(_ value: Value) throws {
        let stored = try value.stored()
        let read = try Value(stored: stored)
        #expect(read == value, "\(stored)")
    }

    @Test(arguments: [
        (
            MessageContent.text(MessageText("**Hi**", isPublic: true)),
            #"{"v":2,"text":{"source":"**Hi**","format":"markdown","public":true}}"#
        ),
        (
            .text(MessageText("Hi", format: .plain)),
            #"{"v":2,"text":{"source":"Hi","format":"plain","public":false}}"#
        ),
        (
            .file(OutboundFile(path: "17/out1", kind: .image, name: "a.png", mimeType: "image/png", size: 5)),
            #"{"v":2,"file":{"path":"17/out1","kind":"image","name":"a.png","mimeType":"image/png","size":5}}"#
        ),
    ])
    func `a message is written in this form`(content: MessageContent, form: String) throws {
        #expect(try content.stored() == form)
    }

    @Test func `a question is written in this form`() throws {
        let reference = FileReference("mxc://h/1")
        let file = InboundFile(reference: reference, kind: .audio, name: "a.ogg", mimeType: "audio/ogg", size: nil)
        let quote = QuotedMessage(id: "q", author: nil, text: "Before", files: [file])

        #expect(
            try Question(text: "Hi", files: [], quote: quote, speaker: "Ann").stored() == """
                {"v":2,"text":"Hi","files":[],"quote":{"id":"q","text":"Before","files":[{"reference":"mxc://h/1",\
                "kind":"audio","name":"a.ogg","mimeType":"audio/ogg"}]},"speaker":"Ann"}
                """
        )
    }

    @Test func `a message of a transcript is written in this form`() throws {
        let kept = AgentFile(kind: .document, source: .path("17/in0"), mimeType: "text/plain", name: "a.txt")
        let sent = AgentFile(kind: .image, source: .data([1, 2, 255]), mimeType: "image/png", name: "a.png")
        let named = AgentFile(kind: .video, source: .url("https://h/v"), mimeType: "video/mp4", name: "v.mp4")
        let parts: [AgentPart] = [.text("Hi"), .file(kept), .file(sent), .file(named)]

        #expect(
            try AgentMessage(id: "q17", role: .user, parts: parts).stored() == """
                {"v":2,"id":"q17","role":"user","parts":[{"text":"Hi"},\
                {"file":{"kind":"document","mimeType":"text/plain","name":"a.txt","source":{"path":"17/in0"}}},\
                {"file":{"kind":"image","mimeType":"image/png","name":"a.png","source":{"data":"AQL/"}}},\
                {"file":{"kind":"video","mimeType":"video/mp4","name":"v.mp4","source":{"url":"https://h/v"}}}]}
                """
        )
    }

    @Test func `an event is written in this form`() throws {
        let event = InboundEvent(
            id: "e",
            conversation: ConversationAddress(chat: "c", thread: "t"),
            chatKind: .group,
            sender: Sender(id: "ann", name: "Ann", language: "en"),
            content: .message(InboundMessage(id: "m", text: "Hi", addressed: true)),
            sentAt: 1
        )

        #expect(
            try event.stored() == """
                {"v":2,"id":"e","chat":"c","thread":"t","kind":"group","sender":{"id":"ann","name":"Ann",\
                "language":"en"},"sentAt":1,"message":{"id":"m","text":"Hi","files":[],"addressed":true,\
                "isQuestion":false}}
                """
        )
    }

    @Test func `what a later version adds is passed over`() throws {
        let text = #"{"later":[1],"v":2,"text":{"source":"Hi","format":"plain","public":true,"color":"red"}}"#

        #expect(try MessageContent(stored: text) == .text(MessageText("Hi", format: .plain, isPublic: true)))
    }
}
