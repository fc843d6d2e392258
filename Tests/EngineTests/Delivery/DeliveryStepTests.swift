import SurfaceKit
import Testing

@testable import Engine
@testable import State

@Suite("Delivery step")
struct DeliveryStepTests {
    private func next(_ post: PostRecord, _ repetition: Capabilities.Repetition = .duplicates) -> DeliveryStep {
        DeliveryStep.next(for: post, holding: post.content ?? post.shown, repetition: repetition)
    }

    @Test func `says a whole text at once only where a repeated send is harmless`() {
        let new = PostRecord.sample("one two three four")

        #expect(next(new, .harmless) == .send("one two three four"))
        guard case .send(.text(let opening)) = next(new) else {
            Issue.record("an opening is sent first")
            return
        }
        #expect(opening.source.hasSuffix("…"))
        #expect(opening.source.hasPrefix("one"))
        #expect(!opening.source.contains("four"))
    }

    @Test func `sends what is harmless twice in one piece everywhere`() {
        let help = PostRecord.sample("one two three four", isRepeatable: true)

        #expect(next(help) == .send("one two three four"))
        #expect(next(help, .harmless) == .send("one two three four"))
    }

    @Test func `sends all of it in one piece after edits have failed for good`() {
        let replaced = PostRecord.sample("one two three four", generation: DeliveryDecision.mostOpenings)

        #expect(next(replaced) == .send("one two three four"))
    }

    @Test func `opens a file with a sign that more comes`() {
        #expect(next(.sample(.photo)) == .send(.text(MessageText("…", format: .plain))))
        #expect(next(.sample(.photo), .harmless) == .send(.photo))
    }

    @Test func `commits the rest by an edit, which may be repeated`() {
        let opened = PostRecord.sample("all of it", shown: "all …", message: "m")

        #expect(next(opened) == .edit("m", "all of it"))
    }

    @Test func `repeats just what the first attempt held`() {
        let begun = PostRecord.sample("all of it", shown: "all")

        #expect(next(begun, .harmless) == .send("all"))
    }

    @Test func `does nothing more when the message shows what it should`() {
        let complete = PostRecord.sample("all", shown: "all", message: "m")
        let kept = PostRecord.sample(nil, shown: "al", message: "m")
        let lost = PostRecord.sample(nil, shown: "a …")

        #expect(next(complete) == .done)
        #expect(next(kept) == .done)
        #expect(next(lost) == .done)
        #expect(next(.sample(nil)) == .done)
    }

    @Test func `puts a refused part of an answer more simply though nothing is to be added to it`() {
        let refused = PostRecord.sample(nil, shown: "*al*", message: "m", form: .simple)
        let step = DeliveryStep.next(for: refused, holding: .plain, repetition: .duplicates)

        #expect(step == .edit("m", .plain))
    }
}

@Suite("Preview step")
struct PreviewStepTests {
    @Test func `opens a page when the one before it is complete, and leaves room for the final edit`() {
        let full = MessageText("full")
        let shown = ShownPage(post: .sample(nil), message: "m", text: MessageText("fu"), edits: 0)
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
