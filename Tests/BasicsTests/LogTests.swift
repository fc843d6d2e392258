import Basics
import Glibc
import Testing

@Suite("Log")
struct LogTests {
    @Test func `writes one object a line for machines`() throws {
        let output = try Output()
        let log = Log(LogSettings(environment: [:], toTerminal: false), to: output.sink).with(["surface": "matrix"])

        log.info("Surface receives", ["since": 7, "reason": "a\n\"b\"\u{1}", "message": "mine", "surface": "other"])

        let line = try #require(output.lines().first)
        let value = try JSONValue(parsing: line.utf8)
        let keys = value.object?.members.map(\.key)
        #expect(keys == ["time", "level", "message", "surface", "since", "reason", "message_"])
        #expect(value["message"] == "Surface receives")
        #expect(value["level"] == "info")
        #expect(value["surface"] == "other")
        #expect(value["reason"] == "a\n\"b\"\u{1}")
        #expect(value["time"]?.string?.utf8.count == "2026-11-23T10:00:00.250Z".utf8.count)
    }

    @Test func `keeps numbers and truth values what they are`() throws {
        let output = try Output()
        let log = Log(LogSettings(environment: [:], toTerminal: false), to: output.sink).with(["turn": Numbered(id: 7)])

        log.info(
            "Sample",
            [
                "bytes": 1_048_576, "port": UInt16(8080), "most": UInt64.max, "retrySeconds": 0.1234,
                "idleSeconds": Duration.milliseconds(1_500), "first": true, "none": Double.infinity, "text": "12",
            ]
        )

        let value = try JSONValue(parsing: try #require(output.lines().first).utf8)
        #expect(value["turn"] == 7)
        #expect(value["bytes"] == 1_048_576)
        #expect(value["port"] == 8080)
        #expect(value["most"] == JSONValue(Int64.max))
        #expect(value["retrySeconds"] == 0.123)
        #expect(value["idleSeconds"] == 1.5)
        #expect(value["first"] == true)
        #expect(value["none"] == "inf")
        #expect(value["text"] == "12")
    }

    @Test func `shows people the same as plain words`() throws {
        let output = try Output()
        let log = Log(LogSettings(environment: [:], toTerminal: true), to: output.sink)

        log.info("Sample", ["bytes": 12, "retrySeconds": Duration.seconds(5), "first": false, "turn": Numbered(id: 7)])

        #expect(try output.lines().first?.hasSuffix("info Sample bytes=12 retrySeconds=5.0 first=false turn=7") == true)
    }

    @Test(arguments: [
        ("word", "word"), ("", "\"\""), ("two words", "\"two words\""), ("a=b", "\"a=b\""), ("a\"\\b", #""a\"\\b""#),
        ("x\nfake info line", #""x\nfake info line""#), ("\u{1B}[2J", "\"\\u{1b}[2J\""), ("\u{9B}2J", "\\u{9b}2J"),
        ("a\u{202E}b", "a\\u{202e}b"), ("a\u{2028}b", "a\\u{2028}b"), ("é😀", "é😀"), ("a\r\nb", #""a\r\nb""#),
        ("\u{7F}", "\\u{7f}"),
    ])
    func `lets no value forge a line or move the cursor`(value: String, shown: String) throws {
        let output = try Output()
        let log = Log(LogSettings(environment: [:], toTerminal: true), to: output.sink)

        log.warning("Phrase", ["key": value])

        let lines = try output.lines()
        #expect(lines.count == 1)
        #expect(lines.first?.hasSuffix("Z warning Phrase key=\(shown)") == true, "\(lines)")
    }

    @Test(arguments: [
        ([:], true, Log.Level.info, LogSettings.Format.text, []), ([:], false, .info, .json, []),
        (["LOG_LEVEL": "debug", "LOG_FORMAT": "json"], true, .debug, .json, []),
        (["LOG_LEVEL": "WARNING", "LOG_FORMAT": "Text"], false, .warning, .text, []),
        (["LOG_LEVEL": "loud", "LOG_FORMAT": "xml"], false, .info, .json, ["LOG_FORMAT", "LOG_LEVEL"]),
        // As good as unset, as everywhere.
        (["LOG_LEVEL": "", "LOG_FORMAT": ""], false, .info, .json, []),
    ])
    func `is set by LOG_LEVEL and LOG_FORMAT`(
        environment: [String: String],
        toTerminal: Bool,
        level: Log.Level,
        format: LogSettings.Format,
        unknown: [String]
    ) {
        let settings = LogSettings(environment: environment, toTerminal: toTerminal)

        #expect(settings.level == level)
        #expect(settings.format == format)
        #expect(settings.unknown.keys.sorted() == unknown)
    }

    @Test func `drops what is below its level`() throws {
        let output = try Output()
        let log = Log(LogSettings(environment: ["LOG_LEVEL": "warning"], toTerminal: true), to: output.sink)

        log.debug("One")
        log.info("Two")
        log.warning("Three")
        log.error("Four")

        #expect(
            try output.lines().map { $0.split(separator: " ").dropFirst().joined(separator: " ") } == [
                "warning Three", "error Four",
            ]
        )
    }

    @Test(arguments: [true, false], [1, 100])
    func `cuts long values so that a line stays whole`(toTerminal: Bool, fields: Int) throws {
        let output = try Output()
        let log = (0..<fields).reduce(Log(LogSettings(environment: [:], toTerminal: toTerminal), to: output.sink)) {
            log,
            index in
            log.with(KeyValuePairs(dictionaryLiteral: ("key\(index)", String(repeating: "é\u{1B}", count: 5_000))))
        }

        log.info("Long")

        let line = try #require(output.lines().first)
        #expect(line.utf8.count < 4096)
        #expect(line.contains("Long"))
        if !toTerminal { #expect(throws: Never.self) { try JSONValue(parsing: line.utf8) } }
    }

    @Test func `drops lines while nobody reads, and tells how many`() throws {
        let output = try Output()
        let log = Log(LogSettings(environment: [:], toTerminal: true), to: output.sink)

        for _ in 0..<200 { log.info("Line", ["fill": String(repeating: "x", count: 1_000)]) }
        let first = try output.lines()
        log.info("Afterwards")
        let second = try output.lines()

        #expect(first.allSatisfy { $0.hasSuffix("x") })
        #expect(second.first == "(\(200 - first.count) log lines were dropped)")
        #expect(second.last?.hasSuffix("Afterwards") == true)
        #expect(second.count == 2)
    }
}

/// A pipe that takes what a log writes.
private final class Output {
    let sink: LogSink
    private var ends: [Int32] = [-1, -1]

    init() throws {
        try #require(pipe(&ends) == 0)
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        sink = LogSink(descriptor: ends[1])
    }

    deinit { ends.forEach { close($0) } }

    /// What has been written since the last call.
    func lines() throws -> [String] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(ends[0], &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return bytes.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// As the number of a row is.
private struct Numbered: CustomStringConvertible, LogValueConvertible {
    let id: Int64

    var description: String { "#\(id)" }
    var logValue: Log.Value { .integer(id) }
}
