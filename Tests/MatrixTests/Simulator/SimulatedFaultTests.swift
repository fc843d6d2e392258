import Basics
import HTTP
import Sandbox
import SurfaceKit
import Testing

@testable import Matrix

@Suite("Faults of a simulated homeserver", .timeLimit(.minutes(1)))
struct SimulatedFaultTests {
    /// What the surface makes of the first attempt to send.
    private func error(_ fault: SimulatorFault, in world: SimulatedWorld) async throws -> SurfaceError {
        await world.simulator.add(fault)
        let operation = OutboundOperation.send(
            .text(MessageText("hi")),
            to: ConversationAddress(chat: ChatID(world.room)),
            replyTo: nil
        )
        let surface = world.surface()
        let error = await #expect(throws: SurfaceError.self) { _ = try await surface.perform(operation, as: "1") }
        // The second attempt meets no fault.
        _ = try await surface.perform(operation, as: "1")
        let texts = await world.simulator.snapshot(of: world.room)?.messages(of: world.bot.id).map(\.text)
        #expect(texts == ["hi"])
        return try #require(error)
    }

    @Test func `refuse for a while`() async throws {
        try await SimulatedWorld.run { world in
            let error = try await error(SimulatorFault(.tooManyRequests(retryAfter: 7), method: "send"), in: world)

            guard case .unavailable(.seconds(7), true, _) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test(arguments: [
        SimulatorFault.Kind.badGateway, .error(code: 500, description: "M_UNKNOWN: Internal server error"),
    ])
    func `come from the server or before it`(_ kind: SimulatorFault.Kind) async throws {
        try await SimulatedWorld.run { world in
            let error = try await error(SimulatorFault(kind, method: "send", containing: "hi"), in: world)

            guard case .unavailable(nil, false, _) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test(arguments: [SimulatorFault.Kind.drop, .applyThenDrop])
    func `leave open whether it was done, and doing it again is harmless`(_ kind: SimulatorFault.Kind) async throws {
        try await SimulatedWorld.run { world in
            // The client tries once more by itself when a connection that it used before has ended.
            let error = try await error(SimulatorFault(kind, method: "send", times: 2), in: world)

            guard case .unknownOutcome = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test func `hang until they are cleared`() async throws {
        try await SimulatedWorld.run { world in
            await world.simulator.add(SimulatorFault(.hang, method: "whoami"))
            let asked = Task { try await world.ask("GET", "/account/whoami") }
            #expect(await world.simulator.wait { $0.calls.contains { $0.endpoint == "whoAmI" } })

            await world.simulator.clearFaults()

            await #expect(throws: HTTPError.self) { _ = try await asked.value }
            let reply = try await world.ask("GET", "/account/whoami")
            #expect(reply.status == 200)
        }
    }

    @Test func `skip calls, and end`() async throws {
        try await SimulatedWorld.run { world in
            let fault = SimulatorFault(
                .error(code: 403, description: "M_FORBIDDEN: no"),
                method: "whoAmI",
                skip: 1,
                times: 1
            )
            await world.simulator.add(fault)

            var statuses: [Int] = []
            for _ in 0..<3 { statuses.append(try await world.ask("GET", "/account/whoami").status) }

            #expect(statuses == [200, 403, 200])
        }
    }
}
