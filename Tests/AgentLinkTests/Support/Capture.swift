import Basics
import Foundation
import Testing

@testable import AgentLink
@testable import HTTP

/// What a real server once answered, and what it means.
struct Capture: CustomTestStringConvertible, Sendable {
    let name: String
    let status: Int
    /// `nil` when the answer is no run.
    let ending: AgentOutcome.Ending?
    let texts: [String]
    let head: String
    let body: [UInt8]
    let request: AgentRequest

    var testDescription: String { name }
    var isOpenAI: Bool { name.hasPrefix("oai") }

    static let all: [Capture] = load()
    static let runs = all.filter { $0.ending != nil }

    static func named(_ name: String) -> Capture { all.first { $0.name == name } ?? all[0] }

    func decoder() -> any AgentDecoder {
        isOpenAI ? OpenAIDecoder(request) : AGUIDecoder(request)
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures")

    private static func load() -> [Capture] {
        guard let text = try? Data(contentsOf: folder.appending(path: "expected.json")),
            let table = try? JSONValue(parsing: text).array
        else { return [] }
        return table.compactMap(Capture.init)
    }

    private init?(_ row: JSONValue) {
        guard let name = row["name"]?.string, let status = row["status"]?.int64,
            let bytes = try? Data(contentsOf: Self.folder.appending(path: "captures/\(name).http")),
            let separator = bytes.firstRange(of: Data("\r\n\r\n".utf8))
        else { return nil }
        self.name = name
        self.status = Int(status)
        ending = row["ending"]?.string.map(Self.ending)
        texts = row["texts"]?.array?.compactMap(\.string) ?? []
        head = String(decoding: bytes[..<separator.lowerBound], as: UTF8.self)
        body = [UInt8](bytes[separator.upperBound...])
        request = Self.request(name)
    }

    private static func ending(_ text: String) -> AgentOutcome.Ending {
        switch text {
        case "finished": .finished
        case "waitsForConfirmation": .waitsForConfirmation
        case "truncated": .truncated
        default: .failed(code: text.split(separator: " ").dropFirst().first.map(String.init))
        }
    }

    private static func request(_ name: String) -> AgentRequest {
        let text = (try? Data(contentsOf: folder.appending(path: "captures/\(name).req.json"))) ?? Data()
        let body = try? JSONValue(parsing: text)
        let messages = body?["messages"]?.array ?? []
        return .asking(
            runID: body?["runId"]?.string ?? "r1",
            messages: messages.compactMap { message in
                message["id"]?.string.map { AgentMessage(id: $0, role: .user, parts: []) }
            }
        )
    }
}

extension AgentRequest {
    /// A request with as much in it as a test needs.
    static func asking(
        _ question: String = "hi",
        runID: String = "run",
        thread: Int64 = 42,
        messages: [AgentMessage]? = nil
    ) -> AgentRequest {
        AgentRequest(
            platformChatID: thread,
            runID: runID,
            messages: messages ?? [AgentMessage(id: "q", role: .user, parts: [.text(question)])],
            surface: "telegram",
            kind: "telegram"
        )
    }
}
