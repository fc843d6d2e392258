import Basics
import Testing

@testable import Sandbox

@Suite("Limits of a simulated homeserver")
struct SimulatedLimitTests {
    private let start = ContinuousClock.now
    private let limit = MatrixSimulatorSettings.Limits.synapse.message

    /// The milliseconds to wait, `nil` when none.
    private func wait(_ limits: inout MatrixRateLimits, after seconds: Double) -> Int64? {
        do throws(MatrixAPIError) { try limits.spend("a", limit, at: start + .seconds(seconds)) } catch {
            return error.more["retry_after_ms"]?.int64
        }
        return nil
    }

    @Test func `let ten messages pass, then one every five seconds, however often one tries`() {
        var limits = MatrixRateLimits()

        let burst = (0..<10).map { _ in wait(&limits, after: 0) }
        let refused = [0, 1, 4].map { wait(&limits, after: $0) }
        let later = wait(&limits, after: 5.001)
        let again = wait(&limits, after: 5.001)

        #expect(burst == Array(repeating: nil, count: 10))
        #expect(refused == [5000, 4000, 1000])
        #expect(later == nil)
        #expect(again == 4999)
    }

    @Test func `are each one's own`() throws {
        var limits = MatrixRateLimits()
        for _ in 0..<10 { try limits.spend("a", limit, at: start) }

        try limits.spend("b", limit, at: start)

        #expect(wait(&limits, after: 0) == 5000)
    }
}
