import Basics
import ChildProcess
import Foundation
import HTTP
import Testing

@testable import Sandbox

@Suite("Sample agent")
struct SampleAgentTests {
    static let text = ["TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END"]
    static let tool = ["TOOL_CALL_START", "TOOL_CALL_ARGS", "TOOL_CALL_END", "TOOL_CALL_RESULT"]

    static let shapes: [(String, [String])] = [
        ("hello", ["RUN_STARTED"] + text + ["RUN_FINISHED"]),
        ("roll the DICE!", ["RUN_STARTED"] + tool + text + ["RUN_FINISHED"]),
        ("weather in Paris?", ["RUN_STARTED"] + text + tool + text + ["RUN_FINISHED"]),
        ("a chart please", ["RUN_STARTED"] + tool + text + ["CUSTOM", "RUN_FINISHED"]),
        ("fail", ["RUN_STARTED", "RUN_ERROR"]), ("fail halfway", ["RUN_STARTED"] + text.dropLast() + ["RUN_ERROR"]),
        ("hang up", ["RUN_STARTED"] + text.dropLast()), ("silence", ["RUN_STARTED", "RUN_FINISHED"]),
        ("table", ["RUN_STARTED"] + text + ["RUN_FINISHED"]), ("slow", ["RUN_STARTED"] + text + ["RUN_FINISHED"]),
    ]

    @Test(arguments: shapes)
    func `answers in the order of AG-UI`(question: String, shape: [String]) async throws {
        let events = try await Asking.events(question)

        #expect(events.shape == shape)
        #expect(events.first?["threadId"] == "7")
        #expect(events.first?["runId"] == "r1")
    }

    @Test func `streams what it says in small pieces that make up the whole`() async throws {
        let events = try await Asking.events("hello there")

        #expect(events.types.count { $0 == "TEXT_MESSAGE_CONTENT" } > 20)
        #expect(events.text.contains("You wrote “hello there”. Try one of these words:\n\n- **dice**"))
    }

    @Test(arguments: ["", " a", "a  b\n\nc ", "\n\n- x\n- y", "é 👩‍👩‍👧 ü"])
    func `cuts at words and loses nothing`(text: String) {
        let deltas = AgentScript.deltas(of: text)

        #expect(deltas.joined() == text)
        #expect(!deltas.contains(""))
    }

    @Test func `answers the same question in the same place the same way`() async throws {
        let first = try await Asking.events("dice")
        let second = try await Asking.events("dice")

        #expect(first == second)
    }

    @Test func `knows what was asked before, from the messages that it is sent`() async throws {
        let first = try await Asking.events("what did I ask?")
        let later = try await Asking.events("a first thing", "an answer", "a second", "another", "What did I ask?")

        #expect(first.text.contains("first thing you ask"))
        #expect(later.text.hasSuffix("\n\n1. a first thing\n2. a second"))
    }

    @Test func `says more than a message of any messenger holds when asked for it`() async throws {
        let events = try await Asking.events("long")

        #expect(events.text.count > 8000)
        #expect(events.types.count { $0 == "TEXT_MESSAGE_START" } > 5)
    }

    @Test func `tells name, type and size of the files that it gets, and sends one back`() async throws {
        let files = [
            (name: "a.png", type: "image", mimeType: "image/png", bytes: [UInt8](repeating: 7, count: 2050)),
            (name: "b|c.txt", type: "document", mimeType: "text/plain", bytes: Array("hello".utf8)),
        ]

        let events = try await Asking.events(
            AgentServer(.sample(pace: 0)).answer(Asking.request(Asking.body([], files: files)))
        )

        #expect(events.text.contains("| a.png | image | image/png | 2 KB |"))
        #expect(events.text.contains("| b/c.txt | document | text/plain | 5 bytes |"))
        let attachment = try #require(events.first { $0["type"] == "CUSTOM" })
        #expect(attachment["name"] == "attachment")
        #expect(attachment["value"]?["metadata"]?["filename"] == "received.csv")
        let content = bytes(fromBase64: attachment["value"]?["source"]?["value"]?.string ?? "") ?? []
        #expect(
            String(decoding: content, as: UTF8.self)
                == "name,type,bytes\na.png,image/png,2050\nb|c.txt,text/plain,5\n"
        )
    }

    @Test func `draws a picture that others can read`() throws {
        let png = BarChart([0, 50, 100, 200, -1]).png

        let file = FileManager.default.temporaryDirectory.appending(path: "chart-\(UUID().uuidString).png")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(png).write(to: file)
        let script = """
            import struct, sys, zlib
            data = open(sys.argv[1], "rb").read()
            assert data[:8] == b"\\x89PNG\\r\\n\\x1a\\n"
            at, chunks = 8, {}
            while at < len(data):
                size, kind = struct.unpack(">I4s", data[at:at + 8])
                body = data[at + 8:at + 8 + size]
                assert struct.unpack(">I", data[at + 8 + size:at + 12 + size])[0] == zlib.crc32(kind + body)
                chunks[kind] = body
                at += 12 + size
            width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
            assert len(zlib.decompress(chunks[b"IDAT"])) == (width + 1) * height
            print(width, height)
            """
        let python = try ChildProcess("python3", ["-c", script, file.path], output: .pipe)
        let answer = python.readOutput()

        #expect(String(decoding: answer, as: UTF8.self) == "480 270\n")
    }
}
