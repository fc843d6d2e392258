import SurfaceKit
import Testing

@testable import Host

@Suite("Delivery step")
struct DeliveryStepTests {
    private func text(_ text: String) -> MessageContent { .text(MessageText(text)) }

    private func post(
        content: MessageContent?,
        shown: MessageContent? = nil,
        message: MessageID? = nil
    ) -> PostRecord {
        PostRecord(
            id: 1,
            conversation: 1,
            turn: 1,
            page: 0,
            replyTo: nil,
            state: .due,
            content: content,
            shown: shown,
            message: message,
            generation: 0,
            attempts: 0,
            dueAt: nil
        )
    }

    @Test func `says a whole text at once only where a repeated send is harmless`() {
        let new = post(content: text("one two three four"))

        #expect(DeliveryStep.next(for: new, repetition: .harmless) == .send(text("one two three four")))
        guard case .send(.text(let opening)) = DeliveryStep.next(for: new, repetition: .duplicates) else {
            Issue.record("an opening is sent first")
            return
        }
        #expect(opening.source.hasSuffix("…"))
        #expect(opening.source.hasPrefix("one"))
        #expect(!opening.source.contains("four"))
    }

    @Test func `commits the rest by an edit, which may be repeated`() {
        let opened = post(content: text("all of it"), shown: text("all …"), message: "m")

        #expect(DeliveryStep.next(for: opened, repetition: .duplicates) == .edit("m", text("all of it")))
    }

    @Test func `repeats just what the first attempt held`() {
        let begun = post(content: text("all of it"), shown: text("all"))

        #expect(DeliveryStep.next(for: begun, repetition: .harmless) == .send(text("all")))
    }

    @Test func `does nothing more when the message shows what it should`() {
        let complete = post(content: text("all"), shown: text("all"), message: "m")
        let kept = post(content: nil, shown: text("al"), message: "m")
        let lost = post(content: nil, shown: text("a …"))

        #expect(DeliveryStep.next(for: complete, repetition: .duplicates) == .done)
        #expect(DeliveryStep.next(for: kept, repetition: .duplicates) == .done)
        #expect(DeliveryStep.next(for: lost, repetition: .duplicates) == .done)
    }

    @Test func `opens a page when the one before it is complete, and leaves room for the final edit`() {
        let full = MessageText("full")
        let shown = ShownPage(post: post(content: nil), message: "m", text: MessageText("fu"), edits: 0)
        var done = shown
        done.text = full

        let wanted = [full, MessageText("next")]
        #expect(PreviewStep.next(wanted: wanted, shown: [], editsPerMessage: 9) == .open(page: 0, full))
        #expect(PreviewStep.next(wanted: wanted, shown: [shown], editsPerMessage: 9) == .edit(page: 0, full))
        #expect(PreviewStep.next(wanted: wanted, shown: [done], editsPerMessage: 9) == .open(page: 1, wanted[1]))
        #expect(PreviewStep.next(wanted: [full], shown: [done], editsPerMessage: 9) == .nothing)
        #expect(PreviewStep.next(wanted: [full], shown: [shown], editsPerMessage: 1) == .nothing)
    }
}
