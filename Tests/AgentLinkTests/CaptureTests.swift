import Foundation
import Testing

@testable import AgentLink

@Suite("Captured answers")
struct CaptureTests {
    @Test func `are all here`() {
        #expect(Capture.all.count == 93)
        #expect(Capture.runs.count == 82)
    }

    @Test(arguments: Capture.runs, Chunking.allCases)
    func `mean the same however they are cut`(capture: Capture, chunking: Chunking) {
        var decoder = capture.decoder()

        let said = Said(decoder.replay(chunking.cut(capture.body, seed: 7)))

        #expect(said.ending == capture.ending)
        #expect(said.texts == capture.texts)
        #expect(said.endings.count == 1)
        #expect(said.violations == 0)
        #expect(said.starts == 1)
        #expect(decoder.tally.unreadable == 0)
        #expect(decoder.tally.unknown == 0)
    }

    @Test(arguments: Capture.runs)
    func `give the transcript the agent’s own identifiers`(capture: Capture) throws {
        var decoder = capture.decoder()
        let outcome = try #require(Said(decoder.replay([capture.body[...]])).endings.first)

        let body = String(decoding: capture.body, as: UTF8.self)

        #expect(outcome.messages.map(\.text) == capture.texts)
        for message in outcome.messages {
            let id = capture.isOpenAI ? message.id.replacingOccurrences(of: ".r1", with: "") : message.id
            #expect(body.contains("\"\(id)\""))
        }
    }

    @Test(arguments: Capture.runs.filter { $0.ending != .truncated })
    func `that are cut before their end are never a success`(capture: Capture) throws {
        let text = String(decoding: capture.body, as: UTF8.self)
        let terminal = try #require(
            text.range(of: capture.isOpenAI ? #""finish_reason""# : #""type":"RUN_"#, options: .backwards)
        )
        let cut = Array(text[..<terminal.lowerBound].utf8)
        var decoder = capture.decoder()

        let said = Said(decoder.replay([cut[...]]))

        #expect(said.ending == .truncated)
        #expect(said.texts == capture.texts)
    }
}
