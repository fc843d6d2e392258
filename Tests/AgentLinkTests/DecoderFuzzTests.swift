import Testing

@testable import AgentLink

/// Changes captured answers at random, the same way in every run.
@Suite("Decoders under mutated answers")
struct DecoderFuzzTests {
    @Test(arguments: Capture.runs.filter { $0.body.count < 30_000 })
    func `never crash and always end once`(capture: Capture) {
        var source = SeededGenerator(seed: UInt64(capture.body.count))
        for round in 0..<40 {
            var body = capture.body
            for _ in 0...Int.random(in: 0..<8, using: &source) { mutate(&body, &source) }
            var decoder: any AgentDecoder = round % 10 == 0 ? OpenAIDecoder(capture.request) : capture.decoder()

            let said = Said(decoder.replay(Chunking.random.cut(body, seed: UInt64(round))))

            #expect(said.endings.count == 1)
            #expect(said.violations == 0)
            #expect(said.starts <= 1)
            #expect(said.endings.first?.messages.map(\.text) == said.texts)
        }
    }

    private func mutate(_ body: inout [UInt8], _ source: inout SeededGenerator) {
        guard body.count > 2 else { return }
        let place = Int.random(in: 0..<body.count, using: &source)
        let frames = body.split(separator: UInt8(ascii: "\n")).map(Array.init)
        switch Int.random(in: 0..<6, using: &source) {
        case 0: body[place] = UInt8.random(in: 0...255, using: &source)
        case 1: body.remove(at: place)
        case 2:
            body.insert(contentsOf: Self.words.randomElement(using: &source).map { Array($0.utf8) } ?? [], at: place)
        case 3: body.removeSubrange(place...)
        case 4: body = frames.shuffled(using: &source).flatMap { $0 + Array("\n\n".utf8) }
        default:
            let again = frames.randomElement(using: &source) ?? []
            body += Array("\n\n".utf8) + again + Array("\n\n".utf8)
        }
    }

    private static let words = [
        "null", "{}", "[]", "\"", "\\ud83d", "\n\n", "\r\n\r\n", ":", "0", "RUN_STARTED", "\"messageId\":null,",
        "\"role\":\"user\",", "\"subagentRunId\":\"s\",", "data: {\"type\":\"RUN_STARTED\",\"runId\":\"x\"}\n\n",
        "data: {\"type\":\"RUN_ERROR\"}\n\n", "data: {\"type\":\"RUN_FINISHED\"}\n\n", "data: [DONE]\n\n",
    ]
}
