import SurfaceConformance
import Testing

@Suite("Matrix surface on a real Synapse", .enabled(if: Synapse.isWanted), .timeLimit(.minutes(2)))
struct MatrixConformanceTests {
    @Test(arguments: SurfaceClause.allCases)
    func `keeps the promise that it`(_ clause: SurfaceClause) async throws {
        try await clause.verify(on: MatrixRig(Synapse()))
    }
}
