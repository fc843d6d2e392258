import Basics
import Sandbox
import SurfaceConformance
import SurfaceKit
import Testing

@testable import Telegram

@Suite("The menu of commands", .timeLimit(.minutes(2)))
struct CommandMenuTests {
    private func sets(_ rig: TelegramRig) async -> Int {
        await rig.simulator.calls.count { $0.method == "setMyCommands" && $0.code == 200 }
    }

    /// Starts the surface and waits until it has set its menu, or known that it is set.
    private func start(_ rig: TelegramRig, until count: Int) async throws {
        let inbox = RecordingInbox(state: rig.state)
        let surface = rig.makeSurface()
        _ = try await rig.say("hello")
        try await inbox.receive(from: surface) { inbox in
            let calls = await rig.simulator.calls.count { $0.method == "setMyCommands" && $0.code == 200 }
            let isHeard = await !inbox.messages.isEmpty
            return isHeard && calls >= count && (count == 0 || rig.state.value("menu") != nil)
        }
    }

    @Test func `is set once in each language, and again only after a change`() async throws {
        try await TelegramRig.run { rig async throws in
            try await start(rig, until: 2)
            try await start(rig, until: 2)
            #expect(await sets(rig) == 2)

            rig.state.apply([StateChange(key: "menu", value: "of an older version")])
            try await start(rig, until: 4)
            #expect(await sets(rig) == 4)
        }
    }

    @Test func `never delays what people say`() async throws {
        try await TelegramRig.run { rig async throws in
            await rig.simulator.add(
                SimulatorFault(.tooManyRequests(retryAfter: 3000), method: "setMyCommands", times: 99)
            )

            try await start(rig, until: 0)

            #expect(await sets(rig) == 0)
            await rig.simulator.clearFaults()
            try await start(rig, until: 2)
        }
    }

    @Test func `lists every command but start, within what Telegram takes`() throws {
        for menu in CommandMenu.menus {
            let commands = try #require(menu["commands"]?.array)
            #expect(commands.count == ChatCommand.allCases.count - 1)
            for command in commands {
                #expect((1...256).contains(command["description"]?.string?.count ?? 0))
            }
        }
    }
}
