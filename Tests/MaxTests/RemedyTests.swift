import Basics
import SurfaceKit
import Testing

@testable import Max

@Suite("Errors of the MAX Bot API")
struct RemedyTests {
    struct Known: Sendable, CustomTestStringConvertible {
        let failure: MaxFailure
        let expected: String

        var testDescription: String { failure.reason }
    }

    /// Errors as clients have published them, with what the host is to be told.
    static let known: [Known] = {
        let json = try? Fixture.json("errors.json")
        return (json?["errors"]?.array ?? []).compactMap { error in
            guard let status = error["status"]?.int64, let code = error["code"]?.string,
                let message = error["message"]?.string, let expected = error["class"]?.string
            else { return nil }
            return Known(failure: MaxFailure(status: Int(status), code: code, message: message), expected: expected)
        }
    }()

    @Test func `knows all that were published`() { #expect(Self.known.count == 41) }

    @Test(arguments: known)
    func `tells the host what to do next`(error: Known) {
        let reached = SurfaceError(MaxAPIError.failed(error.failure))

        switch reached {
        case .unauthorized: #expect(error.expected == "unauthorized")
        case .unavailable(let retryAfter, let limited, _):
            #expect(error.expected == (limited ? "limited" : "unavailable"))
            if limited { #expect(retryAfter ?? .zero > .zero) }
        case .refused(let refusal, _): #expect(error.expected == refusal.rawValue)
        case .unknownOutcome: #expect(error.expected == "unknownOutcome")
        case .cancelled: Issue.record("cancelled")
        }
    }

    @Test func `waits as long as it is told, if ever it is`() {
        let failure = MaxFailure(status: 429, code: "too.many.requests", message: "", retryAfter: 21)

        #expect(
            SurfaceError(failure)
                == .unavailable(retryAfter: .seconds(21), limited: true, reason: "429 too.many.requests")
        )
    }

    @Test(
        arguments: [
            (.notSent(reason: "r"), .unavailable(reason: "r")), (.untrusted(advice: "a"), .unavailable(reason: "a")),
            (.lost(reason: "r"), .unknownOutcome(reason: "r")),
            (.impossible(reason: "r"), .refused(.other, reason: "r")),
            (.cancelled, .cancelled),
        ] as [(MaxAPIError, SurfaceError)]
    )
    func `tells what a connection came to`(error: MaxAPIError, expected: SurfaceError) {
        #expect(SurfaceError(error) == expected)
    }
}
