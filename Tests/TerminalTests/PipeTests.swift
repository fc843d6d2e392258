import Foundation
import SurfaceConformance
import SurfaceKit
import Testing

@testable import Terminal

@Suite("Terminal surface on pipes", .timeLimit(.minutes(1)))
struct PipeTests {
    @Test func `delivers what a pipe holds, in order, and ends with it`() async throws {
        try await Pipes.run { pipes in
            let (surface, inbox) = (pipes.makeSurface(), RecordingInbox(state: MemoryState(), from: Checkpoint("6")))
            try pipes.write("one\ntwo\\\nthree\nfour")
            pipes.endInput()

            try await surface.receive(from: Checkpoint("6"), into: inbox)

            #expect(await inbox.texts == ["one", "two\nthree", "four"])
            #expect(await inbox.events.map(\.id) == ["line-7", "line-8", "line-9"])
            #expect(await inbox.checkpoint == Checkpoint("9"))
            try await surface.receive(from: Checkpoint("9"), into: inbox)
            #expect(await inbox.events.count == 3)
        }
    }

    @Test func `prints only what is final, without a colour`() async throws {
        try await Pipes.run { pipes in
            let surface = pipes.makeSurface()
            _ = try await surface.perform(.typing(true, in: pipes.chat), as: "t")
            _ = try await surface.perform(.draft("1", MessageText("Hel"), in: pipes.chat), as: "d")
            _ = try await surface.perform(
                .send(.text(MessageText("**Hello** \u{1B}[1m")), to: pipes.chat, replyTo: nil),
                as: "1"
            )
            _ = try await surface.perform(.send(.text(MessageText("Bye")), to: pipes.chat, replyTo: nil), as: "2")

            #expect(try pipes.printed() == "**Hello** ␛[1m\n\nBye\n")
        }
    }

    @Test func `is one of a kind`() async throws {
        try await Pipes.run { pipes in
            let (first, second) = (pipes.makeSurface(), pipes.makeSurface())
            let inbox = RecordingInbox(state: MemoryState())

            try await inbox.receive(from: first) { _ in
                await #expect(throws: SurfaceError.self) {
                    try await second.receive(from: nil, into: RecordingInbox(state: MemoryState()))
                }
                return true
            }
            try await inbox.catchUp(with: second)
        }
    }

    @Test func `keeps for the next surface what the inbox did not take`() async throws {
        try await Pipes.run { pipes in
            try pipes.write("/file /no/such/file\none\ntwo\n")
            let refusing = RecordingInbox(state: MemoryState(), refusing: true)
            await #expect(throws: SurfaceError.self) {
                try await pipes.makeSurface().receive(from: nil, into: refusing)
            }

            let inbox = RecordingInbox(state: MemoryState())
            try await inbox.receive(from: pipes.makeSurface()) { await $0.messages.count >= 2 }

            #expect(await inbox.events.map(\.id) == ["line-2", "line-3"])
            #expect(await refusing.refused.map(\.id) == ["line-2", "line-3"])
            #expect(try pipes.printed() == "(/no/such/file is not a file that this user may read.)\n")
        }
    }

    @Test func `says that nobody reads any more`() async throws {
        try await Pipes.run { pipes in
            pipes.closeOutput()

            let error = await #expect(throws: SurfaceError.self) {
                let operation = OutboundOperation.send(.text(MessageText("hi")), to: pipes.chat, replyTo: nil)
                _ = try await pipes.makeSurface().perform(operation, as: "1")
            }

            guard case .refused(.conversationGone, _) = error else {
                Issue.record("it is \(String(describing: error))")
                return
            }
        }
    }

    @Test func `saves files side by side, where they belong`() async throws {
        try await Pipes.run { pipes in
            let path = pipes.folder.appending(path: "source").path
            for (number, name) in ["a.txt", "a.txt", "../../b", ".hidden", "\u{1B}[2J"].enumerated() {
                try Data("\(number)".utf8).write(to: URL(filePath: path))
                let file = OutboundFile(path: path, kind: .document, name: name, mimeType: "text/plain", size: 1)
                let operation = OutboundOperation.send(.file(file), to: pipes.chat, replyTo: nil)
                _ = try await pipes.makeSurface().perform(operation, as: OperationID("\(number)"))
            }

            let saved = try FileManager.default.contentsOfDirectory(atPath: pipes.folder.appending(path: "in").path)
            #expect(saved.sorted() == ["_.._b", "a (2).txt", "a.txt", "hidden", "␛[2J"])
        }
    }

    @Test(arguments: [("/x", true), ("~/x", true), ("x", false), ("./x", false), ("~x", false)])
    func `wants a folder that does not depend on where it is started`(folder: String, isGood: Bool) {
        let mistakes = TerminalOptions.contradictions(in: OptionValues(["downloads": .string(folder)]))

        #expect(mistakes.isEmpty == isGood)
    }
}

/// Standard input and output as a shell connects them.
private final class Pipes: Sendable {
    let chat = ConversationAddress(chat: "terminal")
    let folder: URL
    private let (input, output): (Pipe, Pipe)
    private let console: Console
    private let state = MemoryState()

    static func run(_ body: (Pipes) async throws -> Void) async throws {
        // As the host does.
        signal(SIGPIPE, SIG_IGN)
        let folder = FileManager.default.temporaryDirectory.appending(path: "pipes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(Pipes(folder))
    }

    private init(_ folder: URL) {
        self.folder = folder
        (input, output) = (Pipe(), Pipe())
        console = Console(
            input: input.fileHandleForReading.fileDescriptor,
            output: output.fileHandleForWriting.fileDescriptor
        )
    }

    func makeSurface() -> TerminalSurface {
        TerminalSurface(
            options: TerminalOptions(OptionValues(["downloads": .string(folder.appending(path: "in").path)])),
            context: .forTests(state: state),
            console: console
        )
    }

    func write(_ text: String) throws { try input.fileHandleForWriting.write(contentsOf: Data(text.utf8)) }
    func endInput() { try? input.fileHandleForWriting.close() }
    func closeOutput() { try? output.fileHandleForReading.close() }

    /// What was printed so far; something must have been.
    func printed() throws -> String { String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) }
}
