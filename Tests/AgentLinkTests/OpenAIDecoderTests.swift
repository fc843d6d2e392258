import Testing

@testable import AgentLink

@Suite("Chat completions decoder")
struct OpenAIDecoderTests {
    private func read(_ events: [String], end: StreamEnd = .closed) -> Said {
        var decoder = OpenAIDecoder(.asking(runID: "ours"))
        return decoder.replay(events, end: end)
    }

    private func chunk(_ delta: String, finish: String? = nil) -> String {
        let reason = finish.map { "\"\($0)\"" } ?? "null"
        return #"{"id":"c-1","choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(reason)}]}"#
    }

    private let usage = #"{"id":"c-1","choices":[],"usage":{"total_tokens":3}}"#

    @Test func `gives one message, whose identifier is unique though servers count anew`() {
        let said = read([
            chunk(#"{"role":"assistant","content":""}"#), chunk(#"{"content":"Hel"}"#), chunk(#"{"content":"lo"}"#),
            chunk("{}", finish: "stop"), usage, "[DONE]",
        ])

        #expect(said.texts == ["Hello"])
        #expect(said.ending == .finished)
        #expect(said.starts == 1)
        #expect(
            said.endings.first?.messages == [
                AgentMessage(id: "c-1.ours", role: .assistant, parts: [.text("Hello")])
            ]
        )
    }

    @Test(arguments: [
        ("stop", AgentOutcome.Ending.finished), ("length", .finished), ("content_filter", .finished),
        ("something new", .finished), ("tool_calls", .waitsForConfirmation), ("function_call", .waitsForConfirmation),
    ])
    func `reads the reason to stop`(reason: String, ending: AgentOutcome.Ending) {
        #expect(read([chunk(#"{"content":"x"}"#, finish: reason), "[DONE]"]).ending == ending)
    }

    @Test func `takes the end of the stream for no success`() {
        #expect(read([chunk(#"{"content":"x"}"#), "[DONE]"]).ending == .truncated)
        #expect(read([chunk(#"{"content":"x"}"#)]).ending == .truncated)
        #expect(read(["[DONE]"]).ending == .truncated)
    }

    @Test(arguments: [
        (#"{"message":"secret","type":"server_error","code":"overloaded"}"#, "overloaded"),
        (#"{"message":"secret","type":"server_error","code":null}"#, "server_error"),
        (#"{"message":"secret","code":500}"#, "500"),
        (#""secret text""#, nil),
    ])
    func `fails by an error in the stream, before or after words`(error: String, code: String?) {
        let frame = #"{"error":\#(error)}"#

        #expect(read([frame, "[DONE]"]).ending == .failed(code: code))
        #expect(read([chunk(#"{"content":"x"}"#), frame, "[DONE]"]).ending == .failed(code: code))
        #expect(read([chunk("{}", finish: "stop"), frame]).ending == .failed(code: code))
        #expect(read([frame, chunk("{}", finish: "stop")]).ending == .failed(code: code))
    }

    @Test func `shows a refusal and hides reasoning and tools`() {
        let said = read([
            chunk(#"{"reasoning_content":"hm"}"#), chunk(#"{"tool_calls":[{"index":0,"id":"t"}]}"#),
            chunk(#"{"content":null,"refusal":"I will not"}"#), chunk("{}", finish: "stop"),
        ])

        #expect(said.texts == ["I will not"])
        #expect(said.activities == 2)
    }

    @Test func `hears only the first of several choices`() {
        let other = #"{"id":"c","choices":[{"index":1,"delta":{"content":"other"},"finish_reason":"stop"}]}"#

        let said = read([other, chunk(#"{"content":"first"}"#, finish: "stop")])

        #expect(said.texts == ["first"])
    }

    @Test func `is closed by its sentinel`() {
        var decoder = OpenAIDecoder(.asking())
        _ = decoder.decode(Array(chunk("{}", finish: "stop").utf8))
        #expect(decoder.progress == .complete)
        _ = decoder.decode(Array("[DONE]".utf8))
        #expect(decoder.progress == .closed)

        #expect(decoder.decode(Array(chunk(#"{"content":"late"}"#).utf8)).isEmpty)
    }
}
