import Foundation
import HTTP
import Sandbox
import SurfaceConformance
import SurfaceKit
import Synchronization
import Testing

@testable import Telegram

@Suite("Downloads from Telegram", .timeLimit(.minutes(2)))
struct DownloadTests {
    private static let bytes = [UInt8]((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })

    /// What the surface makes of a file that Ann sends.
    private func fetch(_ rig: TelegramRig, by surface: TelegramSurface, limit: Int = 1 << 20) async throws -> [UInt8] {
        let inbox = RecordingInbox(state: rig.state)
        try await inbox.catchUp(with: surface)
        let sample = SampleFile(
            name: "a ü.bin",
            mimeType: "application/octet-stream",
            kind: .document,
            bytes: Self.bytes
        )
        try await rig.send(sample, caption: "here")
        try await inbox.receive(from: surface) { await !$0.messages.isEmpty }
        let file = try #require(await inbox.messages.first?.files.first)
        let received = Mutex<[UInt8]>([])
        try await surface.fetch(file.reference, limit: limit) { piece throws(SurfaceError) in
            received.withLock { $0 += piece }
        }
        return received.withLock { $0 }
    }

    @Test func `come from the cloud’s own address`() async throws {
        try await TelegramRig.run { rig async throws in
            #expect(try await fetch(rig, by: rig.makeSurface()) == Self.bytes)
        }
    }

    @Test func `come from the disk that a local server shares`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "telegram-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var settings = SimulatorSettings()
        settings.localFiles = folder
        settings.servesFiles = false

        try await TelegramRig.run(settings) { rig async throws in
            #expect(try await fetch(rig, by: rig.makeSurface()) == Self.bytes)
            let error = await #expect(throws: SurfaceError.self) {
                try await fetch(rig, by: rig.makeSurface(), limit: Self.bytes.count - 1)
            }
            #expect(error?.refusal == .tooLarge)
        }
    }

    @Test func `come from an address of its own in front of a local server`() async throws {
        var settings = SimulatorSettings()
        settings.servesFiles = false
        try await TelegramRig.run(settings) { rig async throws in
            let paths = Mutex<[String]>([])
            try await HTTPListener(address: SocketAddress(host: "127.0.0.1", port: 0)).serve { request in
                paths.withLock { $0.append(request.path) }
                return HTTPServerResponse(status: 200, body: .bytes(Self.bytes))
            } while: { address async throws in
                let surface = rig.makeSurface(options: ["fileBaseURL": .string("http://\(address)/files")])
                #expect(try await fetch(rig, by: surface) == Self.bytes)
            }
            let path = try #require(paths.withLock { $0 }.first)
            #expect(path.hasPrefix("/files/bot\(rig.simulator.token)/"))
        }
    }

    @Test func `are refused when the cloud will not serve them`() async throws {
        var settings = SimulatorSettings()
        settings.downloadLimit = 1000
        try await TelegramRig.run(settings) { rig async throws in
            let error = await #expect(throws: SurfaceError.self) { try await fetch(rig, by: rig.makeSurface()) }

            #expect(error?.refusal == .tooLarge)
        }
    }

    @Test func `ask for a new link each time`() async throws {
        try await TelegramRig.run { rig async throws in
            let surface = rig.makeSurface()
            _ = try await fetch(rig, by: surface)
            _ = try await fetch(rig, by: surface)

            #expect(await rig.simulator.calls.count { $0.method == "getFile" } == 2)
        }
    }
}
