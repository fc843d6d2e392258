import Basics
import Sandbox
import SurfaceConformance
import SurfaceKit
import Synchronization
import Testing

@testable import Max

@Suite("Files that people send on MAX", .timeLimit(.minutes(2)))
struct FetchTests {
    private static let bytes = [UInt8]("every byte of it".utf8)

    private static func file(_ kind: String, _ rig: MaxRig) async throws -> InboundFile {
        await rig.simulator.send(
            kind,
            name: "a.bin",
            mimeType: "x/y",
            bytes: bytes,
            caption: "look",
            in: rig.chat,
            by: MaxRig.ann.id
        )
        let inbox = RecordingInbox(state: rig.state)
        try await inbox.receive(from: rig.makeSurface()) { await !$0.messages.isEmpty }
        return try #require(await inbox.messages.first?.files.first)
    }

    private static func fetch(_ file: InboundFile, _ rig: MaxRig, limit: Int = 1000) async throws -> [UInt8] {
        let received = Mutex<[UInt8]>([])
        try await rig.makeSurface().fetch(file.reference, limit: limit) { piece throws(SurfaceError) in
            received.withLock { $0 += piece }
        }
        return received.withLock { $0 }
    }

    @Test(arguments: ["image", "video", "audio", "file"])
    func `are fetched, also when their link has expired`(kind: String) async throws {
        try await MaxRig.run { rig in
            let file = try await Self.file(kind, rig)
            #expect(try await Self.fetch(file, rig) == Self.bytes)
            await rig.simulator.expireLinks()
            #expect(try await Self.fetch(file, rig) == Self.bytes)
        }
    }

    @Test func `are fetched from what was forwarded, too`() async throws {
        try await MaxRig.run { rig in
            _ = try await Self.file("file", rig)
            let sent = try #require(await rig.simulator.messages(in: rig.chat).last?.attachments)
            let bob = MaxPerson(id: 8, firstName: "Bob")
            await rig.simulator.forward("see", from: bob, in: rig.chat, by: MaxRig.ann.id, attachments: sent)
            let inbox = RecordingInbox(state: rig.state)
            try await inbox.receive(from: rig.makeSurface()) { await $0.messages.count >= 2 }
            let file = try #require(await inbox.messages.last?.files.first)

            await rig.simulator.expireLinks()

            #expect(try await Self.fetch(file, rig) == Self.bytes)
        }
    }

    @Test func `are refused when their message is gone with them`() async throws {
        try await MaxRig.run { rig in
            let file = try await Self.file("file", rig)
            let mid = try #require(await rig.simulator.messages(in: rig.chat).last?.mid)
            await rig.simulator.withdraw(mid)
            await rig.simulator.expireLinks()

            await #expect(throws: SurfaceError.refused(.other, reason: "the file is not there any more")) {
                try await Self.fetch(file, rig)
            }
        }
    }

    @Test func `wait for a server that is away`() async throws {
        try await MaxRig.run { rig in
            let file = try await Self.file("file", rig)
            for fault in [SimulatorFault.Kind.drop, .badGateway] {
                // On a connection that was used before, the client itself asks once more.
                await rig.simulator.add(SimulatorFault(fault, method: "download", times: 3))
                let error = await #expect(throws: SurfaceError.self) { try await Self.fetch(file, rig) }
                guard case .unavailable = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
                await rig.simulator.clearFaults()
            }
        }
    }

    @Test func `come in the best version that is small enough`() {
        let details: JSONValue = [
            "urls": ["mp4_144": "s", "hls": "h", "mp4_1080": "l", "mp4_720": nil, "mp4_480": "m", "mp4_x": "?"]
        ]

        #expect(FileFetcher.versions(details) == ["l", "m", "s"])
        #expect(FileFetcher.versions(["urls": nil]) == [])
    }

    @Test(arguments: ["", "{}", "AgACAg", "{\"kind\":5}"])
    func `are not looked for by another surface's reference`(reference: String) async throws {
        try await MaxRig.run { rig in
            await #expect(throws: SurfaceError.refused(.other, reason: "not a file of MAX")) {
                try await rig.makeSurface().fetch(FileReference(reference), limit: 1) { _ in }
            }
        }
    }
}
