import SurfaceKit
import Testing

/// The clauses about what goes wrong.
struct Failing<Rig: SurfaceRig> {
    let rig: Rig
    let surface: Rig.Adapter

    init(_ rig: Rig) {
        self.rig = rig
        surface = rig.makeSurface()
    }

    func reportsOverload() async throws {
        let error = try await errorOfSending(after: .overloaded)

        guard case .unavailable(let retryAfter, let isLimited, _) = error else {
            Issue.record("expected unavailable, got \(error)")
            return
        }
        #expect(isLimited)
        #expect(try #require(retryAfter) > .zero)
    }

    func reportsBadCredentials() async throws {
        let error = try await errorOfSending(after: .badCredentials)

        guard case .unauthorized = error else {
            Issue.record("expected unauthorized, got \(error)")
            return
        }
        let inbox = RecordingInbox(state: rig.state)
        await #expect(throws: error) { try await inbox.catchUp(with: surface) }
    }

    func reportsRemoval() async throws {
        #expect(try await errorOfSending(after: .removed).refusal == .conversationGone)
    }

    /// Sends until the messenger objects: a limit may let a few through.
    private func errorOfSending(after failure: MessengerFailure) async throws -> SurfaceError {
        let inbox = RecordingInbox(state: rig.state)
        try await inbox.catchUp(with: surface)
        try await rig.fail(with: failure)
        for attempt in 0..<50 {
            do throws(SurfaceError) {
                let operation = OutboundOperation.send(.text("hi"), to: rig.conversation, replyTo: nil)
                _ = try await surface.perform(operation, as: OperationID("attempt-\(attempt)"))
            } catch {
                return error
            }
        }
        throw NothingFailed()
    }
}

struct NothingFailed: Error {}
