import Basics
import Foundation
import Sandbox
import SurfaceConformance
import SurfaceKit
import Testing

@testable import Max

@Suite("Files that a MAX surface sends", .timeLimit(.minutes(2)))
struct FileSendingTests {
    private static func send(
        _ content: MessageContent,
        by surface: MaxSurface,
        _ rig: MaxRig,
        replyTo: MessageID? = nil,
        as id: OperationID = "op"
    ) async throws -> Receipt {
        try await surface.perform(.send(content, to: rig.conversation, replyTo: replyTo), as: id)
    }

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
}
