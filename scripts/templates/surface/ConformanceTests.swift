import SurfaceConformance
import Testing

@Suite("@MODULE@ surface on a simulated messenger", .timeLimit(.minutes(2)))
struct @MODULE@ConformanceTests {
    @Test(arguments: SurfaceClause.allCases)
    func `keeps the promise that it`(_ clause: SurfaceClause) async throws {
        try await @MODULE@Rig.run { rig in await clause.verify(on: rig) }
    }
}
