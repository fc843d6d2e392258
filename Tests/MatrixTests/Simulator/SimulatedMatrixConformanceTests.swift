import Sandbox
import SurfaceConformance
import Testing

@Suite("Matrix surface on a simulated homeserver", .timeLimit(.minutes(2)))
struct SimulatedMatrixConformanceTests {
    @Test(arguments: SurfaceClause.allCases)
    func `keeps the promise that it`(_ clause: SurfaceClause) async throws {
        try await SimulatedMatrixRig.run { rig in await clause.verify(on: rig) }
    }
}
