import Basics
import Foundation
import SurfaceConformance
import SurfaceKit
import Synchronization
import Testing

@testable import Terminal

/// The terminal surface on a pseudo-terminal.
struct TerminalRig: SurfaceRig {
    let bot: PersonID = "terminal"
    let person: PersonID = "operator"
    let conversation = ConversationAddress(chat: "terminal")
    let state = MemoryState()
    let lacks: [SurfaceClause: String] = [
        .reportsEdits: "what was typed cannot be changed", .reportsWithdrawals: "nor withdrawn",
        .keepsThreads: "there are none", .reportsBadCredentials: "there are none",
    ]
    let terminal: PseudoTerminal
    let folder: URL
    private let console: Console
    private let said = Counter()

    /// Sits at a terminal of its own for as long as `body` runs.
    static func run(
        _ terminal: PseudoTerminal? = nil,
        _ body: @Sendable (TerminalRig) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "terminal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let terminal = try terminal ?? PseudoTerminal()
        try await body(TerminalRig(terminal: terminal, folder: folder))
    }

    private init(terminal: PseudoTerminal, folder: URL) {
        self.terminal = terminal
        self.folder = folder
        console = Console(input: terminal.slave, output: terminal.slave)
    }

    func makeSurface() -> TerminalSurface {
        TerminalSurface(
            options: TerminalOptions(OptionValues(["downloads": .string(folder.appending(path: "in").path)])),
            context: .forTests(state: state),
            console: console
        )
    }

    func say(_ text: String) async throws -> MessageID {
        let lines = text.replacing("\n", with: "\\\n")
        try terminal.type(lines.hasSuffix("\\") ? lines + "\\" : lines)
        return MessageID(String(said.next()))
    }

    func send(_ file: SampleFile, caption: String?) async throws {
        let path = folder.appending(path: file.name)
        try Data(file.bytes).write(to: path)
        _ = try await say("/file \(path.path)" + (caption.map { "\n\($0)" } ?? ""))
    }

    func change(_ message: MessageID, to text: String) async throws {}
    func withdraw(_ message: MessageID) async throws {}
    func sayInThread(_ text: String) async throws -> ConversationAddress? { nil }

    func transcript() async throws -> [SurfaceConformance.ShownMessage] {
        let messages = try await terminal.screen().messages
        return messages.enumerated().map { index, message in
            SurfaceConformance.ShownMessage(
                id: MessageID("row-\(index)"),
                conversation: conversation,
                text: message.text,
                file: savedFile(message.text),
                replyTo: message.heading.components(separatedBy: ", to message ").dropFirst().first.map {
                    MessageID($0)
                }
            )
        }
    }

    func fail(with failure: MessengerFailure) async throws {
        switch failure {
        case .overloaded: terminal.hold()
        case .removed: terminal.hangUp()
        case .badCredentials: break
        }
    }

    /// The file of a text such as `📎 NAME → PATH (SIZE bytes)`.
    private func savedFile(_ text: String) -> [UInt8]? {
        guard text.hasPrefix("📎"), let arrow = text.range(of: " → "),
            let end = text.range(of: " (", options: .backwards)
        else { return nil }
        return FileManager.default.contents(atPath: String(text[arrow.upperBound..<end.lowerBound])).map { Array($0) }
    }
}

final class Counter: Sendable {
    private let value = Mutex(0)

    func next() -> Int {
        value.withLock { value in
            value += 1
            return value
        }
    }
}

extension SurfaceContext {
    static func forTests(state: MemoryState = MemoryState()) -> SurfaceContext {
        SurfaceContext(
            id: "terminal",
            log: .silent,
            system: OperatingSystem(),
            state: state,
            access: SurfaceAccess(respond: .mention) { _ in true },
            proxy: nil
        )
    }
}
