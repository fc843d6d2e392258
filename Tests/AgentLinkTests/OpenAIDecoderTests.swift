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
        ("stop", AgentOutcome.Ending.finished), ("STOP", .finished), ("end_turn", .finished), ("", .finished),
        ("length", .truncated), ("max_tokens", .truncated), ("something new", .truncated),
        ("content_filter", .failed(code: "content_filter")), ("SAFETY", .failed(code: "content_filter")),
        ("error", .failed(code: "error")), ("abort", .cancelled),
        ("tool_calls", .waitsForConfirmation), ("function_call", .waitsForConfirmation),
    ])
    func `reads the reason to stop`(reason: String, ending: AgentOutcome.Ending) {
        #expect(read([chunk(#"{"content":"x"}"#, finish: reason), "[DONE]"]).ending == ending)
    }

    @Test func `takes the sentinel for a whole answer, and the bare end of the stream for none`() {
        #expect(read([chunk(#"{"content":"x"}"#), "[DONE]"]).ending == .finished)
        #expect(read([chunk(#"{"content":"x"}"#)]).ending == .truncated)
        #expect(read([chunk(#"{"content":"x"}"#)], end: .lost).ending == .truncated)
        #expect(read([]).ending == .truncated)
    }

    @Test func `counts the last of several reasons`() {
        let said = read([
            chunk(#"{"content":"Half "}"#, finish: "stop"), chunk(#"{"content":"and half"}"#, finish: "length"),
            "[DONE]",
        ])

        #expect(said.texts == ["Half and half"])
        #expect(said.ending == .truncated)
    }

    @Test func `doubts a reason that comes along with text`() {
        var decoder = OpenAIDecoder(.asking())

        _ = decoder.replayed([chunk(#"{"content":"one "}"#, finish: "stop")])
        #expect(decoder.progress == .doubtful)
        _ = decoder.replayed([chunk(#"{"content":""}"#, finish: "stop")])
        #expect(decoder.progress == .complete)
    }

    @Test func `goes on after a tool that the server runs itself, in a paragraph of its own`() {
        var decoder = OpenAIDecoder(.asking())
        let call = [
            chunk(#"{"content":"Let me look."}"#), chunk(#"{"tool_calls":[{"index":0,"id":"t"}]}"#),
            chunk("{}", finish: "tool_calls"),
        ]

        let events = decoder.replayed(call)
        #expect(decoder.progress == .running)
        let rest = decoder.replayed([chunk(#"{"content":"It is sunny."}"#), chunk("{}", finish: "stop"), "[DONE]"])

        let said = Said(events + rest + decoder.finish(.closed))
        #expect(said.texts == ["Let me look.\n\nIt is sunny."])
        #expect(said.ending == .finished)
    }

    @Test func `reads a content that is a list of parts`() {
        let said = read([
            chunk(#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}"#),
            chunk(#"{"content":[{"type":"text","text":"Hel"},{"type":"output_text","text":"lo"}]}"#),
            chunk(#"{"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}}]}"#),
            chunk("{}", finish: "stop"), "[DONE]",
        ])

        #expect(said.texts == ["Hello"])
        #expect(said.activities == 1)
        #expect(said.files.map(\.name) == ["image.png"])
    }

    @Test(arguments: [
        (["<think>secret</think>", "Hello"], "Hello"), (["<think>se", "cret</thi", "nk>\\n\\nHel", "lo"], "Hello"),
        (["<", "th", "ink", ">s", "</", "think", ">", "Hello"], "Hello"), (["\\n <THINK>s</THINK>Hello"], "Hello"),
        (["<thinking>s</thinking><think>s</think> Hello"], "Hello"), (["<thinker> Hello"], "<thinker> Hello"),
        (["Write <think>x</think>"], "Write <think>x</think>"), (["```\\n<think>x</think>"], "```\n<think>x</think>"),
        (["<think>never ends"], nil), (["<thi"], "<thi"), ([" ", "x"], " x"), (["<think>s</think>\\n"], nil),
    ])
    func `hides reasoning that opens the text`(deltas: [String], shown: String?) {
        let said = read(deltas.map { chunk(#"{"content":"\#($0)"}"#) } + [chunk("{}", finish: "stop"), "[DONE]"])

        #expect(said.texts == [shown].compactMap(\.self))
        #expect(said.ending == .finished)
    }

    @Test func `reads a choice that holds the whole message`() {
        let said = read([
            #"{"id":"c","choices":[{"index":0,"message":{"content":"Hello"},"finish_reason":"stop"}]}"#, "[DONE]",
        ])

        #expect(said.texts == ["Hello"])
    }

    @Test(arguments: [
        #"{"choices":[{"index":0,"delta":{"content":""},"error":{"code":502,"message":"secret"},"finish_reason":"error"}]}"#,
        #"{"object":"error","message":"secret","code":502}"#, #"{"type":"error","code":"502"}"#,
    ])
    func `finds an error wherever servers put it`(frame: String) {
        #expect(read([chunk(#"{"content":"x"}"#), frame, "[DONE]"]).ending == .failed(code: "502"))
    }

    @Test func `takes an error that is null for none`() {
        #expect(
            read([#"{"error":null,"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}"#]).ending == .finished
        )
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
