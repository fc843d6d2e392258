import Basics
import HTTP
import Sandbox
import SurfaceConformance
import SurfaceKit
import Testing

@testable import Max

@Suite("MAX posting to a webhook", .timeLimit(.minutes(2)))
struct WebhookTests {
    private static let secret = "s3cret_of-the-host"

    /// A host's listener in front of a route, as the messenger reaches it.
    private static func serve(
        _ rig: MaxRig,
        _ body: @Sendable (WebhookRoute, String) async throws -> Void
    ) async throws {
        let listener = HTTPListener(address: SocketAddress(host: "127.0.0.1", port: 0))
        let holder = RouteHolder()
        try await listener.serve { request in
            guard let route = holder.route else { return HTTPServerResponse(status: 503) }
            return switch await route.deliver(request.body, header: { request.headers[$0] }) {
            case .accepted: HTTPServerResponse(status: 200)
            case .unauthorized: HTTPServerResponse(status: 401)
            case .unavailable: HTTPServerResponse(status: 503)
            }
        } while: { address in
            let url = "http://\(address)/hooks/max"
            let route = WebhookRoute(url: url, secret: Secret(secret))
            holder.hold(route)
            try await body(route, url)
        }
    }

    private static func surface(
        _ rig: MaxRig,
        _ route: WebhookRoute?,
        clock: any System = OperatingSystem(),
        log: Log = .silent
    ) -> MaxSurface {
        rig.makeSurface(options: ["receive": .string("webhook")], log: log, clock: clock, webhook: route)
    }

    @Test func `subscribes with its secret and takes what is posted`() async throws {
        try await MaxRig.run { rig in
            try await Self.serve(rig) { route, url in
                let inbox = RecordingInbox(state: rig.state)
                try await rig.say("before")
                try await inbox.receive(from: Self.surface(rig, route)) { inbox in
                    if await inbox.messages.count == 1, await rig.simulator.messages(in: rig.chat).count == 1 {
                        _ = try? await rig.say("after")
                    }
                    return await inbox.messages.count >= 2
                }

                #expect(await inbox.texts == ["before", "after"])
                #expect(await inbox.checkpoint == nil)
                #expect(await rig.simulator.subscribed.map(\.url) == [url])
                #expect(await rig.simulator.subscribed.map(\.secret) == [Self.secret])
                #expect(await rig.simulator.wait { $0.uncommittedUpdates == 0 })
            }
        }
    }

    @Test func `keeps a subscription that stands, and knows by what it was made`() async throws {
        try await MaxRig.run { rig in
            try await Self.serve(rig) { route, url in
                let inbox = RecordingInbox(state: rig.state)
                for _ in 0..<2 { try await inbox.catchUp(with: Self.surface(rig, route)) }
                #expect(await rig.simulator.calls.count { $0.method == "subscribe" } == 1)

                let other = WebhookRoute(url: url, secret: Secret("another-secret"))
                try await inbox.catchUp(with: Self.surface(rig, other))
                #expect(await rig.simulator.subscribed.map(\.secret) == ["another-secret"])
            }
        }
    }

    @Test func `leaves exactly one subscription`() async throws {
        var settings = MaxSimulatorSettings()
        settings.duplicatesSubscriptions = true
        try await MaxRig.run(settings) { rig in
            try await Self.serve(rig) { route, url in
                for address in [url, url, "http://127.0.0.1:9/old"] {
                    await rig.simulator.addForeignSubscription(address)
                }
                try await RecordingInbox(state: rig.state).catchUp(with: Self.surface(rig, route))

                #expect(await rig.simulator.subscribed.map(\.url) == [url])
                #expect(await rig.simulator.subscribed.map(\.secret) == [Self.secret])
            }
        }
    }

    @Test func `subscribes again within a minute of losing it`() async throws {
        try await MaxRig.run { rig in
            try await Self.serve(rig) { route, url in
                let (clock, lines) = (StepClock(), LogLines())
                let inbox = RecordingInbox(state: rig.state)
                try await inbox.receive(from: Self.surface(rig, route, clock: clock, log: lines.log)) { inbox in
                    switch await inbox.receiveCalls {
                    case 1:
                        await rig.simulator.dropSubscriptions()
                        await clock.step()
                        return false
                    case 2...: return true
                    default: return false
                    }
                }

                #expect(await rig.simulator.subscribed.map(\.url) == [url])
                #expect(lines.all.contains { $0.hasPrefix("The webhook subscription was gone") })
            }
        }
    }

    @Test func `answers only after the inbox has accepted`() async throws {
        var settings = MaxSimulatorSettings()
        settings.webhookRetry = .milliseconds(50)
        try await MaxRig.run(settings) { rig in
            try await Self.serve(rig) { route, _ in
                let broken = RecordingInbox(state: rig.state, refusing: true)
                try await rig.say("one")
                await #expect(throws: SurfaceError.self) {
                    try await broken.receive(from: Self.surface(rig, route)) { _ in false }
                }
                #expect(await broken.refused.count == 1)
                #expect(await rig.simulator.uncommittedUpdates == 1)

                let inbox = RecordingInbox(state: rig.state)
                try await inbox.receive(from: Self.surface(rig, route)) { await !$0.messages.isEmpty }
                #expect(await inbox.texts == ["one"])
            }
        }
    }

    @Test func `is not moved by requests without the secret, or by nonsense`() async throws {
        try await MaxRig.run { rig in
            try await Self.serve(rig) { route, url in
                let inbox = RecordingInbox(state: rig.state)
                let surface = Self.surface(rig, route)
                @Sendable func post(_ body: String, secret: String?) async throws -> Int {
                    let headers = secret.map { [HTTPHeader("X-Max-Bot-Api-Secret", $0)] } ?? []
                    let request = HTTPRequest("POST", url, headers: headers, body: .bytes(Array(body.utf8)))
                    return try await HTTPClient().send(request).status
                }
                let forged = Samples.message(["text": "forged"]).text
                try await inbox.receive(from: surface) { inbox in
                    guard await inbox.receiveCalls > 0 else { return false }
                    let statuses = [
                        try? await post(forged, secret: nil), try? await post(forged, secret: "wrong"),
                        try? await post("no JSON", secret: Self.secret), try? await post("[]", secret: Self.secret),
                        try? await post("{\"update_type\":\"message_created\"}", secret: Self.secret),
                    ]
                    #expect(statuses == [401, 401, 200, 200, 200])
                    return true
                }
                #expect(await inbox.events.isEmpty)
                #expect(surface.oddities.all["message without content"] == 1)
            }
        }
    }

    @Test func `delivers what polling has delivered under the same identifiers`() async throws {
        try await MaxRig.run { rig in
            let inbox = RecordingInbox(state: rig.state)
            try await rig.say("one")
            // Received by polling, and not yet taken as delivered by the service.
            try await inbox.receive(from: rig.makeSurface()) { await !$0.messages.isEmpty }
            try await Self.serve(rig) { route, _ in
                try await rig.say("two")
                try await inbox.receive(from: Self.surface(rig, route)) { await $0.messages.count >= 2 }
            }
            #expect(await inbox.texts == ["one", "two"])

            try await rig.say("three")
            try await inbox.receive(from: rig.makeSurface()) { await $0.messages.count >= 3 }
            #expect(await inbox.texts == ["one", "two", "three"])
            #expect(await rig.simulator.subscribed.isEmpty)
        }
    }

    @Test func `needs an address`() async throws {
        try await MaxRig.run { rig in
            let error = await #expect(throws: SurfaceError.self) {
                try await Self.surface(rig, nil).receive(from: nil, into: RecordingInbox(state: rig.state))
            }
            let reason = "receive is webhook, and webhooks.publicURL is not set: set it, or poll"
            #expect(error == .refused(.other, reason: reason))
        }
    }

    @Test func `says when the service does not keep the subscription`() async throws {
        try await MaxRig.run { rig in
            await rig.simulator.add(
                SimulatorFault(.error(code: 200, description: "Webhook url is bad"), method: "subscribe")
            )
            try await Self.serve(rig) { route, _ in
                let error = await #expect(throws: SurfaceError.self) {
                    try await Self.surface(rig, route).receive(from: nil, into: RecordingInbox(state: rig.state))
                }
                #expect(error == .refused(.other, reason: "200 Webhook url is bad"))
            }
        }
    }
}
