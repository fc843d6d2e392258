import Basics
import HTTP
import Sandbox
import SurfaceConformance
import SurfaceKit
import Testing

@testable import Telegram

@Suite("Telegram by polling", .timeLimit(.minutes(2)))
struct PollingTests {
    @Test func `goes on when the numbers of updates jump, also to lower ones`() async throws {
        try await TelegramRig.run { rig async throws in
            let surface = rig.makeSurface()
            let inbox = RecordingInbox(state: rig.state)
            try await inbox.catchUp(with: surface)
            for (index, jump) in [Int64(900_000_000), 5, 800_000_000].enumerated() {
                await rig.simulator.jumpUpdates(to: jump)
                _ = try await rig.say("after jump \(index)")
                try await inbox.receive(from: surface) { await $0.messages.count > index }
            }

            #expect(await inbox.texts == ["after jump 0", "after jump 1", "after jump 2"])
        }
    }

    @Test func `knows a message that is delivered again under another number`() async throws {
        try await TelegramRig.run { rig async throws in
            let surface = rig.makeSurface()
            let inbox = RecordingInbox(state: rig.state)
            try await inbox.catchUp(with: surface)
            _ = try await rig.say("once")
            try await inbox.receive(from: surface) { await !$0.messages.isEmpty }
            await rig.simulator.repeatLastUpdate()
            _ = try await rig.say("twice")

            try await inbox.receive(from: surface) { await $0.texts.contains("twice") }

            #expect(await inbox.texts == ["once", "twice"])
        }
    }

    @Test func `passes over what it does not know`() async throws {
        try await TelegramRig.run { rig async throws in
            let surface = rig.makeSurface()
            let inbox = RecordingInbox(state: rig.state)
            try await inbox.catchUp(with: surface)
            await rig.simulator.inject("message", ["message_id": 77, "date": 1, "something_new": ["a": 1]])
            await rig.simulator.inject("edited_message", "not even an object")
            _ = try await rig.say("known")

            try await inbox.receive(from: surface) { await !$0.messages.isEmpty }

            #expect(await inbox.texts == ["known"])
        }
    }

    @Test func `never asks twice at once, nor again before the time that the server was given`() async throws {
        try await TelegramRig.run { rig async throws in
            let surface = rig.makeSurface()
            let inbox = RecordingInbox(state: rig.state)
            try await inbox.receive(from: surface) { inbox in
                guard await inbox.receiveCalls > 0 else { return false }
                let error = await #expect(throws: SurfaceError.self) {
                    try await RecordingInbox(state: rig.state).catchUp(with: rig.makeSurface())
                }
                guard case .refused(_, let reason) = error else { return true }
                #expect(reason.contains("same token"))
                return true
            }

            let holds = await rig.simulator.calls.filter { $0.method == "getUpdates" }.map { $0.parameters["timeout"] }
            #expect(holds.first == 0)
        }
    }

    @Test(arguments: [SimulatorFault.Kind.badGateway, .drop, .tooManyRequests(retryAfter: 1)])
    func `is lost, and not gone, when the server fails`(fault: SimulatorFault.Kind) async throws {
        try await TelegramRig.run { rig async throws in
            let surface = rig.makeSurface()
            // A connection that is reused is tried once more by the client itself.
            await rig.simulator.add(SimulatorFault(fault, method: "getUpdates", times: 3))
            let inbox = RecordingInbox(state: rig.state)

            let error = await #expect(throws: SurfaceError.self) { try await inbox.catchUp(with: surface) }

            switch error {
            case .unavailable, .unknownOutcome: break
            default: Issue.record("\(String(describing: error))")
            }
            await rig.simulator.clearFaults()
            try await inbox.catchUp(with: surface)
        }
    }
}
