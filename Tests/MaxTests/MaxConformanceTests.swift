import Sandbox
import SurfaceConformance
import Testing

@Suite("MAX surface on a simulated service", .timeLimit(.minutes(2)))
struct MaxConformanceTests {
    @Test(arguments: SurfaceClause.allCases)
    func `keeps the promise that it`(_ clause: SurfaceClause) async throws {
        try await MaxRig.run { rig in await clause.verify(on: rig) }
    }
}
