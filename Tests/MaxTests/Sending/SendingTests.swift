import Basics
import Foundation
import HTTP
import Sandbox
import SurfaceConformance
import SurfaceKit
import Testing

@testable import Max

@Suite("What a MAX surface sends", .timeLimit(.minutes(2)))
struct SendingTests {
    private static func send(
        _ content: MessageContent,
        by surface: MaxSurface,
        _ rig: MaxRig,
        replyTo: MessageID? = nil,
        as id: OperationID = "op"
    ) async throws -> Receipt {
        try await surface.perform(.send(content, to: rig.conversation, replyTo: replyTo), as: id)
    }

    // MARK: Texts

    @Test func `shows formatting as formatting`() async throws {
        try await MaxRig.run { rig in
            _ = try await Self.send(.text(MessageText("**bold** and `code`")), by: rig.makeSurface(), rig)

            let message = try #require(await rig.simulator.messages(in: rig.chat).last)
            #expect(message.text == "bold and code")
            #expect(message.markup.map { $0["type"]?.string } == ["strong", "monospaced"])
        }
    }

    @Test func `sends the characters alone when the markup is not understood`() async throws {
        var settings = MaxSimulatorSettings()
        settings.refusesFormat = true
        try await MaxRig.run(settings) { rig in
            let receipt = try await Self.send(.text(MessageText("**bold**")), by: rig.makeSurface(), rig)
            let edit = OutboundOperation.edit(
                try #require(receipt.message),
                .text(MessageText("*other*")),
                in: rig.conversation
            )
            _ = try await rig.makeSurface().perform(edit, as: "edit")

            #expect(try await rig.transcript().map(\.text) == ["other"])
        }
    }

    @Test func `answers although the question is gone`() async throws {
        try await MaxRig.run { rig in
            let question = try await rig.say("why?")
            try await rig.withdraw(question)

            _ = try await Self.send(.text(MessageText("because")), by: rig.makeSurface(), rig, replyTo: question)

            #expect(try await rig.transcript().map(\.replyTo) == [nil])
        }
    }

    @Test func `refuses what nobody would see, without asking the service`() async throws {
        try await MaxRig.run { rig in
            await #expect(throws: SurfaceError.refused(.other, reason: "nothing to show")) {
                try await Self.send(.text(MessageText(" \u{200B}\n")), by: rig.makeSurface(), rig)
            }
            #expect(await rig.simulator.calls.isEmpty)
        }
    }

    @Test func `says that a text is too long`() async throws {
        try await MaxRig.run(allowsViolations: true) { rig in
            let text = MessageText(String(repeating: "x", count: 4001), format: .plain)
            let error = await #expect(throws: SurfaceError.self) {
                try await Self.send(.text(text), by: rig.makeSurface(), rig)
            }
            #expect(
                error
                    == .refused(
                        .tooLarge,
                        reason: "400 proto.payload Field 'text' size (4001) must be at most 4000"
                    )
            )
        }
    }

    // MARK: Outcomes

    @Test(
        arguments: [
            (.drop, "unknown"), (.applyThenDrop, "unknown"), (.badGateway, "unknown"),
            (.error(code: 500, description: "internal.error"), "unknown"),
            (.error(code: 503, description: "service.unavailable"), "unavailable"),
            (.error(code: 200, description: "no reason"), "refused"), (.tooManyRequests(retryAfter: 1), "unavailable"),
        ] as [(SimulatorFault.Kind, String)]
    )
    func `knows whether a send may have happened`(fault: SimulatorFault.Kind, expected: String) async throws {
        try await MaxRig.run { rig in
            await rig.simulator.add(SimulatorFault(fault, method: "sendMessage"))
            let error = await #expect(throws: SurfaceError.self) {
                try await Self.send(.text(MessageText("hi")), by: rig.makeSurface(), rig)
            }
            switch try #require(error) {
            case .unknownOutcome: #expect(expected == "unknown")
            case .unavailable: #expect(expected == "unavailable")
            case .refused: #expect(expected == "refused")
            default: Issue.record("\(String(describing: error))")
            }
        }
    }

    @Test func `says that a message cannot be edited any more`() async throws {
        try await MaxRig.run { rig in
            let surface = rig.makeSurface()
            let message = try #require(try await Self.send(.text(MessageText("a")), by: surface, rig).message)
            let edit = OutboundOperation.edit(message, .text(MessageText("b")), in: rig.conversation)
            await rig.simulator.add(SimulatorFault(.error(code: 200, description: "too old"), method: "editMessage"))

            await #expect(throws: SurfaceError.refused(.messageGone, reason: "200 too old")) {
                try await surface.perform(edit, as: "edit")
            }
            _ = try await surface.perform(.delete(message, in: rig.conversation), as: "delete")
            _ = try await surface.perform(.delete(message, in: rig.conversation), as: "delete")
            let error = await #expect(throws: SurfaceError.self) { try await surface.perform(edit, as: "edit") }
            guard case .refused(.messageGone, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test func `shows typing and that a message was seen`() async throws {
        try await MaxRig.run { rig in
            let surface = rig.makeSurface()
            _ = try await surface.perform(.markRead("mid.1", in: rig.conversation), as: "1")
            _ = try await surface.perform(.typing(true, in: rig.conversation), as: "2")
            _ = try await surface.perform(.typing(false, in: rig.conversation), as: "3")

            #expect(await rig.simulator.actions(in: rig.chat) == ["mark_seen", "typing_on"])
        }
    }

    // MARK: Files

    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3]

    /// Lends a file on disk.
    private static func withFile(
        _ bytes: [UInt8],
        kind: FileKind,
        name: String,
        mimeType: String,
        _ body: (OutboundFile) async throws -> Void
    ) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "max-\(UUID().uuidString)").path
        try Data(bytes).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(OutboundFile(path: path, kind: kind, name: name, mimeType: mimeType, size: bytes.count))
    }

    private static func shown(_ rig: MaxRig) async throws -> [String] {
        var kinds: [String] = []
        for message in await rig.simulator.messages(in: rig.chat) {
            for case .media(let kind, let token) in message.attachments {
                kinds.append("\(kind) \(await rig.simulator.file(token)?.name ?? "")")
            }
        }
        return kinds
    }

    @Test(arguments: [
        (FileKind.image, "cat.png", "image/png", "image"), (.audio, "song.mp3", "audio/mpeg", "audio"),
        (.video, "clip.mp4", "video/mp4", "video"), (.document, "Отчёт \"1\".pdf", "application/pdf", "file"),
        (.image, "drawing.svg", "image/svg+xml", "file"),
    ])
    func `shows a file as what it is`(kind: FileKind, name: String, mimeType: String, form: String) async throws {
        try await MaxRig.run { rig in
            try await Self.withFile(Self.png, kind: kind, name: name, mimeType: mimeType) { file in
                _ = try await Self.send(.file(file), by: rig.makeSurface(), rig)
            }
            #expect(try await Self.shown(rig) == ["\(form) \(name.replacing("\"", with: "_"))"])
        }
    }

    @Test func `uploads once, however often the file is not ready`() async throws {
        var settings = MaxSimulatorSettings()
        settings.notReady = 3
        try await MaxRig.run(settings) { rig in
            let surface = rig.makeSurface()
            try await Self.withFile(Self.png, kind: .video, name: "v.mp4", mimeType: "video/mp4") { file in
                var waits: [Duration] = []
                for _ in 0..<3 {
                    do throws(SurfaceError) {
                        _ = try await surface.perform(.send(.file(file), to: rig.conversation, replyTo: nil), as: "f")
                    } catch {
                        guard case .unavailable(let wait?, false, _) = error else { throw error }
                        waits.append(wait)
                    }
                }
                #expect(waits == [.milliseconds(500), .seconds(1), .seconds(2)])
                _ = try await Self.send(.file(file), by: surface, rig, as: "f")
            }
            #expect(try await Self.shown(rig) == ["video v.mp4"])
            #expect(await rig.simulator.calls.count { $0.method == "upload" } == 1)
        }
    }

    @Test func `does not upload again what is sent again after a lost answer`() async throws {
        try await MaxRig.run { rig in
            let surface = rig.makeSurface()
            await rig.simulator.add(SimulatorFault(.drop, method: "sendMessage"))
            try await Self.withFile(Self.png, kind: .image, name: "a.png", mimeType: "image/png") { file in
                await #expect(throws: SurfaceError.self) { try await Self.send(.file(file), by: surface, rig, as: "f") }
                _ = try await Self.send(.file(file), by: surface, rig, as: "f")
                _ = try await Self.send(.file(file), by: surface, rig, as: "g")
            }
            #expect(try await Self.shown(rig) == ["image a.png", "image a.png"])
            #expect(await rig.simulator.calls.count { $0.method == "upload" } == 2)
        }
    }

    @Test func `never calls a lost upload a send that may have happened`() async throws {
        try await MaxRig.run { rig in
            await rig.simulator.add(SimulatorFault(.drop, method: "upload"))
            try await Self.withFile(Self.png, kind: .image, name: "a.png", mimeType: "image/png") { file in
                let error = await #expect(throws: SurfaceError.self) {
                    try await Self.send(.file(file), by: rig.makeSurface(), rig)
                }
                guard case .unavailable = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
        }
    }

    @Test func `turns an opening into the file that it announces`() async throws {
        try await MaxRig.run { rig in
            let surface = rig.makeSurface()
            let opening = try await Self.send(.text(MessageText("…", format: .plain)), by: surface, rig)
            let message = try #require(opening.message)
            try await Self.withFile(Self.png, kind: .document, name: "a.bin", mimeType: "x/y") { file in
                for _ in 0..<2 {
                    _ = try await surface.perform(.edit(message, .file(file), in: rig.conversation), as: "edit")
                }
            }
            let shown = try await rig.transcript()
            #expect(shown.map(\.text) == [""])
            #expect(shown.map(\.file) == [Self.png])
        }
    }

    @Test func `sends a picture that is none as a file`() async throws {
        try await MaxRig.run { rig in
            try await Self.withFile([1, 2, 3], kind: .image, name: "a.png", mimeType: "image/png") { file in
                _ = try await Self.send(.file(file), by: rig.makeSurface(), rig)
            }
            #expect(try await Self.shown(rig) == ["file a.png"])
        }
    }

    @Test func `sends as a file what the service cannot play`() async throws {
        var settings = MaxSimulatorSettings()
        settings.unsupportedUploads = ["audio"]
        try await MaxRig.run(settings) { rig in
            let surface = rig.makeSurface()
            await rig.simulator.add(
                SimulatorFault(
                    .error(code: 400, description: "errors.process.attachment.movie.not.owner"),
                    method: "sendMessage"
                )
            )
            try await Self.withFile([1], kind: .video, name: "v.mp4", mimeType: "video/mp4") { file in
                _ = try await Self.send(.file(file), by: surface, rig, as: "v")
            }
            try await Self.withFile([1], kind: .audio, name: "a.mp3", mimeType: "audio/mpeg") { file in
                _ = try await Self.send(.file(file), by: surface, rig, as: "a")
            }
            #expect(try await Self.shown(rig) == ["file v.mp4", "file a.mp3"])
        }
    }

    @Test func `says why the service does not take a file at all`() async throws {
        var settings = MaxSimulatorSettings()
        settings.unsupportedUploads = ["image", "file"]
        try await MaxRig.run(settings) { rig in
            try await Self.withFile(Self.png, kind: .image, name: "a.png", mimeType: "image/png") { file in
                let reason = "MAX does not take this file: HTTP status 415 for image/png"
                await #expect(throws: SurfaceError.refused(.other, reason: reason)) {
                    try await Self.send(.file(file), by: rig.makeSurface(), rig)
                }
            }
        }
    }

    @Test func `finds the field that a server wants`() async throws {
        var settings = MaxSimulatorSettings()
        settings.wantsFileField = true
        try await MaxRig.run(settings) { rig in
            try await Self.withFile([1], kind: .audio, name: "a.mp3", mimeType: "audio/mpeg") { file in
                _ = try await Self.send(.file(file), by: rig.makeSurface(), rig)
            }
            #expect(try await Self.shown(rig) == ["audio a.mp3"])
        }
    }

    // MARK: Commands

    @Test func `tells the service its commands once`() async throws {
        try await MaxRig.run { rig in
            for _ in 0..<2 {
                try await RecordingInbox(state: rig.state).receive(from: rig.makeSurface()) { _ in
                    rig.state.value("menu") != nil
                }
            }
            #expect(await rig.simulator.menu.contains("new"))
            #expect(await rig.simulator.calls.count { $0.method == "editMyCommands" } == 1)
        }
    }
}
