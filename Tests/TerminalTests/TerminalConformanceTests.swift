import SurfaceConformance
import Testing

@Suite("Terminal surface on a pseudo-terminal", .timeLimit(.minutes(2)))
struct TerminalConformanceTests {
    @Test(arguments: SurfaceClause.allCases)
    func `keeps the promise that it`(_ clause: SurfaceClause) async throws {
        try await TerminalRig.run { rig in await clause.verify(on: rig) }
    }
}
