import Basics
import Sandbox
import SurfaceConformance
import SurfaceKit
import Testing

@testable import Max

@Suite("Polling MAX", .timeLimit(.minutes(2)))
struct PollingTests {
    private static func polls(_ rig: MaxRig) async -> [SimulatedCall] {
        await rig.simulator.calls.filter { $0.method == "getUpdates" }
    }

    @Test func `asks at once first, then within what the service allows`() async throws {
        try await MaxRig.run { rig in
            let inbox = RecordingInbox(state: rig.state)
            try await inbox.receive(from: rig.makeSurface()) { _ in await Self.polls(rig).count >= 1 }
            try await inbox.receive(from: rig.makeSurface()) { inbox in
                if await inbox.receiveCalls == 2 { _ = try? await rig.say("hi") }
                let calls = await inbox.receiveCalls
                return await inbox.messages.count == 1 && calls >= 3
            }

            let polls = await Self.polls(rig)
            #expect(polls.first?.parameters["timeout"]?.int64 == 0)
            #expect(polls.first?.parameters["marker"] == nil)
            #expect(polls.allSatisfy { $0.parameters["limit"]?.int64 == 100 && $0.code == 200 })
            #expect(polls.allSatisfy { ($0.parameters["timeout"]?.int64 ?? 99) <= 30 })
        }
    }

    @Test func `saves the marker with the events, and none before`() async throws {
        try await MaxRig.run { rig in
            let (surface, inbox) = (rig.makeSurface(), RecordingInbox(state: rig.state))
            try await inbox.catchUp(with: surface)
            let before = try #require(await inbox.checkpoint)
            let place = try #require(Int64(before.rawValue))
            try await rig.say("one")
            let broken = RecordingInbox(state: rig.state, from: before, refusing: true)
            await #expect(throws: SurfaceError.self) {
                try await broken.receive(from: surface) { _ in false }
            }
            #expect(await broken.checkpoint == before)

            try await inbox.receive(from: surface) { await $0.messages.count == 1 }

            let after = try #require(await inbox.checkpoint)
            #expect(Int64(after.rawValue) == place + 1)
        }
    }

    @Test func `keeps its place when an answer does not tell one`() async throws {
        var settings = MaxSimulatorSettings()
        settings.omitsMarker = true
        try await MaxRig.run(settings) { rig in
            let inbox = RecordingInbox(state: rig.state)
            try await rig.say("one")
            try await inbox.catchUp(with: rig.makeSurface())
            let place = await inbox.checkpoint

            try await inbox.catchUp(with: rig.makeSurface())

            #expect(place != nil)
            #expect(await inbox.checkpoint == place)
            #expect(await inbox.texts == ["one"])
        }
    }

    @Test func `knows what is delivered again`() async throws {
        try await MaxRig.run { rig in
            let inbox = RecordingInbox(state: rig.state)
            try await rig.say("one")
            await rig.simulator.repeatLastUpdate()
            try await rig.say("two")

            try await inbox.receive(from: rig.makeSurface()) { await $0.messages.count >= 2 }

            #expect(await inbox.texts == ["one", "two"])
        }
    }

    @Test func `goes on after what it cannot read, and counts it`() async throws {
        try await MaxRig.run { rig in
            let lines = LogLines()
            let surface = rig.makeSurface(log: lines.log)
            let inbox = RecordingInbox(state: rig.state)
            await rig.simulator.sendVoiceNote(by: MaxRig.ann.id)
            await rig.simulator.inject(["update_type": "hologram", "timestamp": 1])
            await rig.simulator.inject("no update at all")
            await rig.simulator.sendVoiceNote(by: MaxRig.ann.id)
            await rig.simulator.say("and?", in: rig.chat, by: MaxRig.ann.id, attachments: [.other(["type": "aura"])])

            try await inbox.receive(from: surface) { await !$0.messages.isEmpty }
            try await inbox.catchUp(with: surface)

            #expect(await inbox.texts == ["and?\n[aura]"])
            // What the service itself filters out by kind does not even come.
            #expect(surface.oddities.all["message without content"] == 2)
            #expect(surface.oddities.all["attachment aura"] == 1)
            #expect(
                lines.all.contains("MAX sent something that cannot be read what=message without content count=2")
            )
            #expect(await rig.simulator.uncommittedUpdates == 0)
        }
    }

    @Test func `removes a subscription that was left, and says so`() async throws {
        try await MaxRig.run { rig in
            await rig.simulator.addForeignSubscription("https://old.example.org/hooks/max")
            let lines = LogLines()
            let inbox = RecordingInbox(state: rig.state)
            try await rig.say("one")

            try await inbox.receive(from: rig.makeSurface(log: lines.log)) { await !$0.messages.isEmpty }

            #expect(await rig.simulator.subscribed.isEmpty)
            #expect(lines.all.contains { $0.contains("address=https://old.example.org/hooks/max") })
        }
    }

    @Test func `removes a subscription that somebody makes meanwhile`() async throws {
        try await MaxRig.run { rig in
            let inbox = RecordingInbox(state: rig.state)
            try await inbox.receive(from: rig.makeSurface()) { inbox in
                if await inbox.receiveCalls == 1, await inbox.events.isEmpty, await rig.simulator.subscribed.isEmpty {
                    await rig.simulator.addForeignSubscription("http://127.0.0.1:9/elsewhere")
                    _ = try? await rig.say("one")
                }
                return await !inbox.messages.isEmpty
            }

            #expect(await rig.simulator.subscribed.isEmpty)
            #expect(await Self.polls(rig).contains { $0.code == 405 })
        }
    }

    @Test func `stays within two polls in a second`() async throws {
        let (pace, start) = (PollPace(), ContinuousClock.now)
        for _ in 0..<3 { try await pace.wait() }
        #expect(start.duration(to: .now) >= PollPace.least * 2)

        try await MaxRig.run { rig in
            let (surface, inbox) = (rig.makeSurface(), RecordingInbox(state: rig.state))
            for _ in 0..<4 { try await inbox.catchUp(with: surface) }

            #expect(await Self.polls(rig).allSatisfy { $0.code == 200 })
        }
    }

    @Test(
        arguments: [
            (.tooManyRequests(retryAfter: 1), true), (.badGateway, true), (.drop, true),
            (.error(code: 503, description: "service.unavailable"), true),
            (.error(code: 401, description: "verify.token"), false),
        ] as [(SimulatorFault.Kind, Bool)]
    )
    func `ends when a poll fails, for the host to begin anew`(fault: SimulatorFault.Kind, passes: Bool) async throws {
        try await MaxRig.run { rig in
            // On a connection that was used before, the client itself asks once more.
            await rig.simulator.add(SimulatorFault(fault, method: "getUpdates", times: 3))
            let inbox = RecordingInbox(state: rig.state)
            let error = await #expect(throws: SurfaceError.self) {
                try await inbox.receive(from: rig.makeSurface()) { _ in false }
            }
            switch try #require(error) {
            case .unavailable, .unknownOutcome: #expect(passes)
            case .unauthorized: #expect(!passes)
            default: Issue.record("\(String(describing: error))")
            }
            #expect(await inbox.receiveCalls == 0)
        }
    }

    @Test func `is done by one surface for each token`() async throws {
        try await MaxRig.run { rig in
            let inbox = RecordingInbox(state: rig.state)
            try await inbox.receive(from: rig.makeSurface()) { inbox in
                guard await inbox.receiveCalls > 0 else { return false }
                let second = RecordingInbox(state: rig.state)
                let error = await #expect(throws: SurfaceError.self) {
                    try await rig.makeSurface().receive(from: nil, into: second)
                }
                let reason = "another surface of this host has the same token: give each a bot of its own"
                #expect(error == .refused(.other, reason: reason))
                return true
            }
        }
    }

    @Test func `tells what happens to chats`() async throws {
        try await MaxRig.run { rig in
            let inbox = RecordingInbox(state: rig.state)
            let bob = MaxPerson(id: 8, firstName: "Bob", locale: "en_US")
            await rig.simulator.add(bob)
            await rig.simulator.start(8, payload: "from-the-site")
            await rig.simulator.addGroup(-77, title: "Team")
            await rig.simulator.move(true, in: -77, by: 8)
            await rig.simulator.say("@test_bot hello", in: -77, by: 8)
            await rig.simulator.say("just us", in: -77, by: 8)
            await rig.simulator.move(false, in: -77, by: 8)
            await rig.simulator.stop(8)

            try await inbox.receive(from: rig.makeSurface()) { await $0.events.count >= 6 }

            let events = await inbox.events
            #expect(events.map(\.chatKind) == [.direct, .group, .group, .group, .direct, .direct])
            #expect(events.first?.content == .started(payload: "from-the-site"))
            #expect(events.first?.sender == Sender(id: "8", name: "Bob", language: "en-US"))
            #expect(await inbox.messages.map(\.text) == ["hello", "just us"])
            #expect(await inbox.messages.map(\.addressed) == [true, false])
            #expect(events.suffix(3).map(\.content) == [.left, .left, .left])
        }
    }
}
