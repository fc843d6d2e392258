import Basics
import Testing

@testable import AgentLink

@Suite("AG-UI decoder")
struct AGUIDecoderTests {
    private func read(_ events: [String], messages: [AgentMessage]? = nil, end: StreamEnd = .closed) -> Said {
        var decoder = AGUIDecoder(.asking(runID: "ours", messages: messages))
        return decoder.replay(events, end: end)
    }

    private let begin = #"{"type":"RUN_STARTED","threadId":"42","runId":"ours"}"#
    private let finish = #"{"type":"RUN_FINISHED","threadId":"42","runId":"ours"}"#

    private func text(_ id: String, _ delta: String) -> String {
        #"{"type":"TEXT_MESSAGE_CONTENT","messageId":"\#(id)","delta":"\#(delta)"}"#
    }

    // MARK: - Text

    @Test func `numbers messages as they begin to speak and drops empty ones`() {
        let said = read([
            begin,
            #"{"type":"TEXT_MESSAGE_START","messageId":"empty","role":"assistant"}"#,
            #"{"type":"TEXT_MESSAGE_END","messageId":"empty"}"#,
            text("b", ""), text("a", "one"), text("b", "two"), text("a", "!"), finish,
        ])

        #expect(said.texts == ["one!", "two"])
        #expect(said.endings.first?.messages.map(\.id) == ["a", "b"])
    }

    @Test func `goes on with a message that is opened again`() {
        let said = read([
            begin, text("a", "one "), #"{"type":"TEXT_MESSAGE_END","messageId":"a"}"#,
            #"{"type":"TEXT_MESSAGE_START","messageId":"a"}"#, text("a", "two"), finish,
        ])

        #expect(said.texts == ["one two"])
    }

    @Test(arguments: [
        #"{"type":"TEXT_MESSAGE_START","messageId":"x","role":"user"}"#,
        #"{"type":"TEXT_MESSAGE_START","messageId":"x","role":"system"}"#,
        #"{"type":"TEXT_MESSAGE_START","messageId":"x","role":"assistant","subagentRunId":"s"}"#,
    ])
    func `shows only what the assistant itself says`(start: String) {
        let said = read([begin, start, text("x", "hidden"), text("a", "shown"), finish])

        #expect(said.texts == ["shown"])
    }

    @Test func `shows neither reasoning nor thinking`() {
        let said = read([
            begin, #"{"type":"REASONING_MESSAGE_CONTENT","messageId":"r","delta":"hm"}"#,
            #"{"type":"THINKING_TEXT_MESSAGE_CONTENT","delta":"hm"}"#,
            #"{"type":"REASONING_MESSAGE_CHUNK","messageId":"r","delta":"hm"}"#, finish,
        ])

        #expect(said.texts == [])
        #expect(said.activities == 3)
        #expect(said.ending == .finished)
    }

    @Test func `expands chunks`() {
        let said = read([
            begin,
            #"{"type":"TEXT_MESSAGE_CHUNK","messageId":"a","role":"assistant","delta":"one "}"#,
            #"{"type":"TEXT_MESSAGE_CHUNK","delta":"two"}"#,
            #"{"type":"RAW","event":{}}"#,
            #"{"type":"TEXT_MESSAGE_CHUNK","delta":"!"}"#,
            #"{"type":"TEXT_MESSAGE_CHUNK","messageId":"b","delta":"three"}"#,
            #"{"type":"TOOL_CALL_CHUNK","toolCallId":"t","toolCallName":"n","delta":"{}"}"#,
            #"{"type":"TOOL_CALL_RESULT","messageId":"m","toolCallId":"t","content":"x"}"#,
            #"{"type":"TEXT_MESSAGE_CHUNK","delta":"four"}"#,
            finish,
        ])

        #expect(said.texts == ["one two!", "three", "four"])
    }

    @Test func `joins a character that is cut between two deltas of one message`() {
        let said = read([
            begin, text("a", #"x\ud83d"#), text("b", #"\ud83d"#), text("a", #"\ude00y"#), text("b", #"\udc4b"#), finish,
        ])

        #expect(said.texts == ["x😀y", "👋"])
    }

    @Test func `replaces half a character that stays alone`() {
        let said = read([
            begin, text("a", #"x\ud83d"#), text("a", "y"), text("b", #"z\ud83d"#),
            #"{"type":"TEXT_MESSAGE_END","messageId":"b"}"#, text("c", #"\ude00"#), text("d", #"w\ud83d"#), finish,
        ])

        #expect(said.texts == ["x\u{FFFD}y", "z\u{FFFD}", "\u{FFFD}", "w\u{FFFD}"])
        #expect(said.endings.first?.messages.map(\.text) == said.texts)
    }

    // MARK: - Runs

    @Test func `shows only the run that was asked for, when earlier ones are replayed`() {
        let said = read([
            #"{"type":"RUN_STARTED","runId":"old1"}"#, text("o1", "old"), #"{"type":"RUN_FINISHED","runId":"old1"}"#,
            #"{"type":"RUN_STARTED","runId":"old2"}"#, text("o2", "older"), #"{"type":"RUN_ERROR","message":"x"}"#,
            begin, text("a", "new"), finish,
        ])

        #expect(said.texts == ["new"])
        #expect(said.ending == .finished)
        #expect(said.starts == 1)
    }

    @Test func `takes the last run when none bears the identifier that was asked for`() {
        let said = read([
            #"{"type":"RUN_STARTED","runId":"old1"}"#, text("o1", "old"), #"{"type":"RUN_FINISHED","runId":"old1"}"#,
            #"{"type":"RUN_STARTED","runId":"invented"}"#, text("a", "new"),
            #"{"type":"RUN_FINISHED","runId":"invented"}"#,
        ])

        #expect(said.texts == ["new"])
        #expect(said.ending == .finished)
    }

    @Test func `takes no run for the answer that says again what was said before`() {
        let asked = ["q1", "a1", "q2"].map { id in
            AgentMessage(id: id, role: id.hasPrefix("a") ? .assistant : .user, parts: [.text(id)])
        }
        let request = AgentRequest(platformChatID: 1, runID: "ours", messages: asked, surface: "s", kind: "k")
        var decoder = AGUIDecoder(request)

        let said = decoder.replay([
            #"{"type":"RUN_STARTED","runId":"old"}"#, text("a1", "old"), #"{"type":"RUN_FINISHED","runId":"old"}"#,
        ])

        #expect(said.texts == [])
        #expect(said.ending == .truncated)
    }

    @Test func `goes on after an earlier run has ended`() {
        var decoder = AGUIDecoder(.asking(runID: "ours"))

        _ = decoder.replayed([#"{"type":"RUN_STARTED","runId":"old"}"#, #"{"type":"RUN_FINISHED","runId":"old"}"#])
        #expect(decoder.progress == .running)
        _ = decoder.replayed([begin, finish])
        #expect(decoder.progress == .complete)
    }

    @Test func `is not kept open by runs that are not its own`() {
        var decoder = AGUIDecoder(.asking(runID: "ours"))
        _ = decoder.replayed([begin, finish])
        let own = decoder.tally.own

        _ = decoder.replayed([#"{"type":"RUN_STARTED","runId":"next"}"#, text("n", "x")])

        #expect(decoder.tally.own == own)
    }

    // MARK: - Tools

    private let call = [
        #"{"type":"TOOL_CALL_START","toolCallId":"t","toolCallName":"n"}"#,
        #"{"type":"TOOL_CALL_END","toolCallId":"t"}"#,
    ]

    @Test(arguments: [
        ([#"{"type":"TOOL_CALL_RESULT","messageId":"m","toolCallId":"t","content":"x"}"#]),
        ([#"{"type":"TOOL_CALL_RESULT","messageId":"m","toolCallId":"another","content":"x"}"#]),
        ([]),
    ])
    func `begins a paragraph in the same message after a tool`(result: [String]) {
        let said = read(
            [begin, text("a", "Let me look.")] + call + result + [text("a", "It is"), text("a", " sunny."), finish]
        )

        #expect(said.texts == ["Let me look.\n\nIt is sunny."])
        #expect(said.ending == .finished)
    }

    @Test func `adds no empty lines to those that are there`() {
        let said = read([begin, text("a", #"One.\n"#)] + call + [text("a", "Two."), finish])

        #expect(said.texts == ["One.\n\nTwo."])
    }

    @Test func `does not break a sentence around a call that is still being made`() {
        let said = read(
            [begin, text("a", "Let ")] + call.prefix(1) + [text("a", "me look.")] + call.suffix(1) + [finish]
        )

        #expect(said.texts == ["Let me look."])
        #expect(said.ending == .waitsForConfirmation)
    }

    // MARK: - Open questions

    @Test(arguments: [
        (
            #"{"type":"RUN_FINISHED","runId":"ours","outcome":{"type":"interrupt","interrupts":[{"id":"i","reason":"tool_call","message":"Delete x?"}]}}"#,
            "Delete x?"
        ),
        (#"{"type":"CUSTOM","name":"on_interrupt","value":"{\"question\": \"delete /x?\"}"}"#, "delete /x?"),
        (#"{"type":"CUSTOM","name":"on_interrupt","value":"Go on?"}"#, "Go on?"),
        (
            #"{"type":"CUSTOM","name":"on_interrupt","value":"{\"action_requests\":[{\"name\":\"a\",\"description\":\"One?\"},{\"description\":\"Two?\"}]}"}"#,
            "One?\nTwo?"
        ),
        (#"{"type":"CUSTOM","name":"on_interrupt","value":{"x":1}}"#, nil),
    ])
    func `tells what the agent waits to be told`(event: String, question: String?) {
        let said = read([begin, event, finish])

        #expect(said.ending == .waitsForConfirmation)
        #expect(said.endings.first?.question == question)
    }

    @Test(arguments: ["PENDING_INTERRUPTS", "INTERRUPT_RESUME_REQUIRED", "APPROVAL_RESUME_REQUIRED"])
    func `waits on when the agent refuses a message because its question is open`(code: String) {
        #expect(
            read([begin, #"{"type":"RUN_ERROR","message":"x","code":"\#(code)"}"#]).ending == .waitsForConfirmation
        )
    }

    @Test func `ignores a run inside or after its own`() {
        let inner = [
            #"{"type":"RUN_STARTED","runId":"sub"}"#, text("s", "inner"), #"{"type":"RUN_FINISHED","runId":"sub"}"#,
        ]

        let said = read([begin, text("a", "one")] + inner + [text("a", " two"), finish] + inner)

        #expect(said.texts == ["one two"])
        #expect(said.ending == .finished)
    }

    @Test func `ignores an error of a run that follows`() {
        let said = read([
            begin, text("a", "one"), finish, #"{"type":"RUN_STARTED","runId":"x"}"#, #"{"type":"RUN_ERROR"}"#,
        ])

        #expect(said.ending == .finished)
    }

    @Test func `believes an error after the end`() {
        let said = read([begin, text("a", "one"), finish, #"{"type":"RUN_ERROR","message":"x","code":"LATE"}"#])

        #expect(said.texts == ["one"])
        #expect(said.ending == .failed(code: "LATE"))
    }

    @Test func `begins with an error when nothing started`() {
        let said = read([#"{"type":"RUN_ERROR","message":"no"}"#])

        #expect(said == Said([.ended(AgentOutcome(ending: .failed(code: nil), messages: []))]))
    }

    @Test func `accepts a server that announces no run`() {
        let said = read([text("a", "hi"), #"{"type":"RUN_FINISHED"}"#])

        #expect(said.texts == ["hi"])
        #expect(said.starts == 1)
        #expect(said.ending == .finished)
    }

    // MARK: - Endings

    @Test(arguments: [
        (#""outcome":{"type":"success"}"#, AgentOutcome.Ending.finished),
        (#""outcome":null,"result":null"#, .finished),
        (#""outcome":{"type":"something new"}"#, .finished),
        (#""outcome":{"type":"success","pendingToolCallIds":["t"]}"#, .waitsForConfirmation),
        (#""outcome":{"type":"interrupt","interrupts":[{"id":"i","reason":"x"}]}"#, .waitsForConfirmation),
        (#""outcome":"interrupt""#, .waitsForConfirmation),
        (#""outcome":{"type":"cancelled"}"#, .cancelled),
    ])
    func `reads the outcome`(member: String, ending: AgentOutcome.Ending) {
        #expect(read([begin, #"{"type":"RUN_FINISHED","runId":"ours",\#(member)}"#]).ending == ending)
    }

    @Test(arguments: [
        (
            [#"{"type":"TOOL_CALL_RESULT","messageId":"m","toolCallId":"t","content":"x"}"#],
            AgentOutcome.Ending.finished
        ),
        (
            [#"{"type":"MESSAGES_SNAPSHOT","messages":[{"id":"m","role":"tool","toolCallId":"t","content":"x"}]}"#],
            .finished
        ),
        ([#"{"type":"TEXT_MESSAGE_CONTENT","messageId":"a","delta":"so it is"}"#], .finished),
        ([#"{"type":"TOOL_CALL_RESULT","messageId":"m","toolCallId":"other","content":"x"}"#], .waitsForConfirmation),
        ([], .waitsForConfirmation),
    ])
    func `waits for a person when a tool call stays unanswered`(after: [String], ending: AgentOutcome.Ending) {
        let call = [
            #"{"type":"TOOL_CALL_START","toolCallId":"t","toolCallName":"delete"}"#,
            #"{"type":"TOOL_CALL_END","toolCallId":"t"}"#,
        ]

        #expect(read([begin] + call + after + [finish]).ending == ending)
    }

    @Test func `does not take a repeated call for a new one`() {
        let call = #"{"type":"TOOL_CALL_START","toolCallId":"t","toolCallName":"delete"}"#
        let result = #"{"type":"TOOL_CALL_RESULT","messageId":"m","toolCallId":"t","content":"x"}"#

        #expect(read([begin, call, result, call, finish]).ending == .finished)
    }

    @Test func `leaves a subagent’s calls to the subagent`() {
        let call = #"{"type":"TOOL_CALL_START","toolCallId":"t","toolCallName":"x","subagentRunId":"s"}"#

        #expect(read([begin, call, finish]).ending == .finished)
    }

    @Test(arguments: [
        (StreamEnd.closed, AgentOutcome.Ending.truncated), (.lost, .truncated), (.timedOut, .timedOut),
        (.tooLarge, .tooLarge),
    ])
    func `keeps the text of a run that did not say how it ended`(end: StreamEnd, ending: AgentOutcome.Ending) {
        let said = read([begin, text("a", "partial")], end: end)

        #expect(said.ending == ending)
        #expect(said.endings.first?.messages == [AgentMessage(id: "a", role: .assistant, parts: [.text("partial")])])
    }

    @Test func `lets a stream that breaks after the end count as ended`() {
        #expect(read([begin, text("a", "all"), finish], end: .lost).ending == .finished)
    }

    @Test(arguments: [
        (#""RuntimeError""#, "RuntimeError"), (#""THREAD_BUSY""#, "THREAD_BUSY"), ("409", "409"),
        (#""secret=abc in /home/ann""#, nil), (#""<class 'RuntimeError'>""#, nil), ("null", nil), (#""""#, nil),
    ])
    func `keeps of an error only a short name`(code: String, expected: String?) {
        let said = read([begin, #"{"type":"RUN_ERROR","message":"secret=abc","code":\#(code)}"#])

        #expect(said.ending == .failed(code: expected))
    }

    // MARK: - Snapshots

    private let question = AgentMessage(id: "q2", role: .user, parts: [.text("?")])
    private let snapshot = """
        {"type":"MESSAGES_SNAPSHOT","messages":[
        {"id":"q1","role":"user","content":"before"},{"id":"a1","role":"assistant","content":"old"},
        {"id":"q2","role":"user","content":"?"},{"id":"a2","role":"assistant","content":"new"},
        {"id":"a3","role":"assistant","toolCalls":[]},
        {"id":"a4","role":"assistant","content":[{"type":"text","text":"parts"}]}]}
        """

    @Test func `takes the answer from a snapshot when none was streamed`() {
        let said = read([begin, snapshot, finish], messages: [question])

        #expect(said.texts == ["new", "parts"])
        #expect(said.endings.first?.messages.map(\.id) == ["a2", "a4"])
    }

    @Test func `says what is only in the snapshot beside what was streamed`() {
        let said = read([begin, text("a2", "new"), snapshot, finish], messages: [question])

        #expect(said.texts == ["new", "parts"])
        #expect(said.endings.first?.messages.map(\.id) == ["a2", "a4"])
    }

    private func reply(_ texts: String..., ask: String = "?") -> String {
        let messages = texts.enumerated().map { #"{"id":"s\#($0)","role":"assistant","content":"\#($1)"}"# }
        let user = #"{"id":"another","role":"user","content":"\#(ask)"}"#
        return #"{"type":"MESSAGES_SNAPSHOT","messages":[\#(([user] + messages).joined(separator: ","))]}"#
    }

    @Test(arguments: [
        (["one", "two"], ["one", "two"]), (["one two"], ["one", "two"]), (["one\\n\\ntwo "], ["one", "two"]),
        (["one", "two", "three"], ["one", "two", "three"]), (["fixed", "one", "two"], ["one", "two", "fixed"]),
        (["one", "two", "one"], ["one", "two", "one"]), (["on"], ["one", "two", "on"]),
    ])
    func `compares a snapshot with what was streamed by text and order`(kept: [String], shown: [String]) {
        let messages = kept.enumerated().map { #"{"id":"s\#($0)","role":"assistant","content":"\#($1)"}"# }
        let user = #"{"id":"another","role":"user","content":"?"}"#
        let snapshot = #"{"type":"MESSAGES_SNAPSHOT","messages":[\#(([user] + messages).joined(separator: ","))]}"#

        let said = read([begin, text("a", "one"), text("b", "two"), snapshot, finish], messages: [question])

        #expect(said.texts == shown)
    }

    @Test func `knows the two halves of one message around a tool in a snapshot`() {
        let said = read(
            [begin, text("a", "one")] + call + [text("a", "two"), reply("one", "two"), finish],
            messages: [question]
        )

        #expect(said.texts == ["one\n\ntwo"])
    }

    @Test func `says nothing twice of a snapshot that was taken before the question`() {
        let said = read([begin, reply("old", ask: "before"), text("a", "new"), finish], messages: [question])

        #expect(said.texts == ["new"])
    }

    @Test func `never takes an earlier answer for this one`() {
        let old =
            #"{"type":"MESSAGES_SNAPSHOT","messages":[{"id":"q1","role":"user","content":"x"},{"id":"a1","role":"assistant","content":"old"}]}"#
        let history = [
            AgentMessage(id: "q1", role: .user, parts: []), AgentMessage(id: "a1", role: .assistant, parts: []),
            question,
        ]

        #expect(read([begin, old, finish], messages: history).texts == [])
        #expect(read([begin, old], messages: [question]).texts == [])
    }

    // MARK: - What is not understood

    @Test func `goes on after what it does not know`() {
        let said = read([
            begin, #"{"type":"HOLOGRAM","x":1}"#, #"{"no":"type"}"#, "[1]", #"{"type":7}"#, text("a", "hi"),
            #"{"type":"TEXT_MESSAGE_CONTENT","messageId":"a","delta":7}"#,
            #"{"type":"TEXT_MESSAGE_CONTENT","messageId":"a"}"#, "not json", "[DONE]", finish,
        ])

        #expect(said.texts == ["hi"])
        #expect(said.ending == .finished)
    }

    @Test func `invents an identifier where the agent forgot it`() {
        let said = read([
            begin, #"{"type":"TEXT_MESSAGE_START","messageId":null}"#, #"{"type":"TEXT_MESSAGE_CONTENT","delta":"a"}"#,
            #"{"type":"TEXT_MESSAGE_CONTENT","delta":"b"}"#, finish,
        ])

        #expect(said.texts == ["ab"])
        #expect(said.endings.first?.messages.map(\.id) == ["ours.1"])
    }

    @Test func `does not call a run finished whose only words could not be read`() {
        #expect(
            read([begin, #"{"type":"TEXT_MESSAGE_CONTENT","messageId":"a","del"#, finish]).ending == .failed(code: nil)
        )
    }
}
