import SurfaceConformance
import SurfaceKit
import Testing

@testable import Matrix

@Suite("Matrix rate limits", .enabled(if: Synapse.isWanted), .timeLimit(.minutes(2)))
struct MatrixRateLimitTests {
    @Test func `are those that the surface declares`() async throws {
        let rig = try await MatrixRig(Synapse("MATRIX_LIMITED"))
        let surface = rig.makeSurface()
        let limit = try #require(surface.capabilities.rateLimits.first)
        // The join has taken one.
        for index in 1..<limit.burst {
            let operation = OutboundOperation.send(.text(MessageText("\(index)")), to: rig.conversation, replyTo: nil)
            _ = try await surface.perform(operation, as: OperationID("\(index)"))
        }

        let operation = OutboundOperation.send(.text(MessageText("too many")), to: rig.conversation, replyTo: nil)
        let error = await #expect(throws: SurfaceError.self) {
            _ = try await surface.perform(operation, as: "last")
        }

        guard case .unavailable(let retryAfter?, true, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(retryAfter > .zero && retryAfter <= .seconds(1 / limit.perSecond))
        // Typing costs nothing.
        _ = try await surface.perform(.typing(true, in: rig.conversation), as: "typing")
        // And what was accepted once is accepted again.
        let again = OutboundOperation.send(.text(MessageText("1")), to: rig.conversation, replyTo: nil)
        _ = try await surface.perform(again, as: "1")
    }
}
