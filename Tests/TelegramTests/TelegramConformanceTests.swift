import Sandbox
import SurfaceConformance
import Testing

@Suite("Telegram surface on a simulated server", .timeLimit(.minutes(2)))
struct TelegramConformanceTests {
    @Test(arguments: SurfaceClause.allCases)
    func `keeps the promise that it`(_ clause: SurfaceClause) async throws {
        try await TelegramRig.run { rig in await clause.verify(on: rig) }
    }

    @Test func `keeps a topic of a private chat apart`() async throws {
        var settings = SimulatorSettings()
        settings.hasTopics = true
        try await TelegramRig.run(settings) { rig in await SurfaceClause.keepsThreads.verify(on: rig) }
    }
}
