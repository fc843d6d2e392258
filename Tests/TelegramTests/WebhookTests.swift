import Basics
import HTTP
import Sandbox
import SurfaceConformance
import SurfaceKit
import Testing

@testable import Telegram

@Suite("Telegram by webhook", .timeLimit(.minutes(2)))
struct WebhookTests {
    /// Runs `body` while a listener posts to the route that the surface gets.
    private func run(
        _ body: @Sendable (TelegramRig, TelegramSurface, WebhookRoute) async throws -> Void
    ) async throws {
        try await TelegramRig.run { rig in
            let current = Box<WebhookRoute>()
            try await HTTPListener(address: SocketAddress(host: "127.0.0.1", port: 0)).serve { request in
                let answer = await current.value?.deliver(request.body) { name in
                    request.headers.first { $0.name.lowercased() == name.lowercased() }?.value
                }
                return HTTPServerResponse(status: answer == .accepted ? 200 : answer == .unauthorized ? 401 : 503)
            } while: { address in
                let route = WebhookRoute(url: "http://\(address)/hooks/telegram", secret: Secret("s3cret_-"))
                current.value = route
                try await body(rig, rig.makeSurface(options: ["receive": .string("webhook")], webhook: route), route)
            }
        }
    }

    @Test func `takes what was said, in order and once`() async throws {
        try await run { rig, surface, _ in
            let inbox = RecordingInbox(state: rig.state)
            try await inbox.catchUp(with: surface)
            for text in ["one", "two", "three"] { _ = try await rig.say(text) }

            try await inbox.receive(from: surface) { await $0.messages.count >= 3 }

            #expect(await inbox.texts == ["one", "two", "three"])
            #expect(await rig.simulator.calls.count { $0.method == "getUpdates" } == 0)
        }
    }

    @Test func `has an update sent again that the inbox did not accept`() async throws {
        try await run { rig, surface, _ in
            let broken = RecordingInbox(state: rig.state, refusing: true)
            try await broken.catchUp(with: surface)
            _ = try await rig.say("one")
            await #expect(throws: SurfaceError.self) {
                try await broken.receive(from: surface) { await !$0.events.isEmpty }
            }
            #expect(await rig.simulator.unconfirmedUpdates == 1)

            let inbox = RecordingInbox(state: rig.state)
            try await inbox.receive(from: surface) { await !$0.messages.isEmpty }

            #expect(await inbox.texts == ["one"])
        }
    }

    @Test func `joins the pieces of an album that come as requests of their own`() async throws {
        try await run { rig, surface, _ in
            let inbox = RecordingInbox(state: rig.state)
            try await inbox.catchUp(with: surface)
            let file = (
                kind: "photo", name: "a.jpg", mimeType: "image/jpeg", bytes: [UInt8](1...9), caption: String?.none
            )
            await rig.simulator.send([file, file], in: TelegramRig.ann.id, by: TelegramRig.ann.id)

            try await inbox.receive(from: surface) { await !$0.messages.isEmpty }

            #expect(await inbox.messages.map(\.files.count) == [2])
        }
    }

    @Test func `sets the webhook again when another program took it`() async throws {
        try await run { rig, surface, route in
            let inbox = RecordingInbox(state: rig.state)
            try await inbox.catchUp(with: surface)
            await rig.simulator.setForeignWebhook("https://elsewhere.example/")
            _ = try await rig.say("one")

            try await inbox.receive(from: surface) { await !$0.messages.isEmpty }

            #expect(
                await rig.simulator.calls.last { $0.method == "setWebhook" }?.parameters["url"]?.string == route.url
            )
        }
    }

    @Test func `is removed when updates are polled again`() async throws {
        try await run { rig, surface, _ in
            let inbox = RecordingInbox(state: rig.state)
            try await inbox.catchUp(with: surface)
            _ = try await rig.say("one")
            try await inbox.receive(from: surface) { await !$0.messages.isEmpty }

            let polling = RecordingInbox(state: rig.state, from: await inbox.checkpoint)
            try await polling.catchUp(with: rig.makeSurface())
            _ = try await rig.say("two")
            try await polling.receive(from: rig.makeSurface()) { await !$0.messages.isEmpty }

            #expect(await polling.texts == ["two"])
            #expect(await rig.simulator.calls.contains { $0.method == "deleteWebhook" })
        }
    }

    @Test func `says that it needs an address`() async throws {
        try await TelegramRig.run { rig in
            let surface = rig.makeSurface(options: ["receive": .string("webhook")])
            let inbox = RecordingInbox(state: rig.state)

            let error = await #expect(throws: SurfaceError.self) { try await inbox.catchUp(with: surface) }

            guard case .refused(_, let reason) = error else { throw EndedEarly() }
            #expect(reason.contains("webhooks.publicURL"))
        }
    }
}
