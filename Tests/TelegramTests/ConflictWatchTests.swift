import SurfaceKit
import Testing

@testable import Telegram

@Suite("Two programs that poll one token")
struct ConflictWatchTests {
    private let start = ContinuousClock.now

    private func isHopeless(_ error: SurfaceError) -> Bool { if case .refused = error { true } else { false } }

    @Test func `forgives one conflict after a start, and needs attention after the third`() {
        let watch = ConflictWatch()
        watch.starting(at: start)

        let errors = [5, 70, 90, 110].map { watch.error(for: "Conflict", at: start + .seconds($0)) }

        #expect(errors.map(isHopeless) == [false, false, false, true])
        #expect(watch.isContested(at: start + .seconds(111)))
    }

    @Test func `forgets conflicts after five minutes`() {
        let watch = ConflictWatch()
        watch.starting(at: start)

        let errors = [100, 200, 401, 501].map { watch.error(for: "Conflict", at: start + .seconds($0)) }

        #expect(errors.map(isHopeless) == [false, false, false, false])
        #expect(!watch.isContested(at: start + .seconds(502)))
    }
}
