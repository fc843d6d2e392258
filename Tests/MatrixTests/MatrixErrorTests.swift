import Basics
import HTTP
import SurfaceKit
import Testing

@testable import Matrix

@Suite("What a homeserver's errors mean")
struct MatrixErrorTests {
    private func refusal(
        _ status: Int,
        _ body: String,
        headers: [HTTPHeader] = []
    ) -> MatrixRefusal {
        MatrixRefusal(HTTPReply(status: status, headers: headers, body: Array(body.utf8)))
    }

    // MARK: Rate limits

    @Test(
        arguments: [
            (
                #"{"errcode":"M_LIMIT_EXCEEDED","error":"Too Many Requests","retry_after_ms":4444}"#, "5",
                .milliseconds(4444)
            ),
            (#"{"errcode":"M_LIMIT_EXCEEDED"}"#, "5", .seconds(5)), (#"{"errcode":"M_LIMIT_EXCEEDED"}"#, nil, nil),
            ("<html>slow down</html>", "7", .seconds(7)), ("", "soon", nil),
        ] as [(String, String?, Duration?)]
    )
    func `wait exactly as long as told`(body: String, header: String?, wait: Duration?) {
        let refusal = refusal(429, body, headers: header.map { [HTTPHeader("Retry-After", $0)] } ?? [])

        guard
            case .unavailable(let retryAfter, let isLimited, _) = SurfaceError(.refused(refusal), while: .speaking)
        else {
            Issue.record("not unavailable")
            return
        }
        #expect(retryAfter == wait)
        #expect(isLimited)
    }

    // MARK: Refusals

    private enum Meaning: Hashable {
        case unavailable, unauthorized
        case refused(Refusal)

        init?(_ error: SurfaceError) {
            switch error {
            case .unavailable(_, false, _): self = .unavailable
            case .unauthorized: self = .unauthorized
            case .refused(let refusal, _): self = .refused(refusal)
            default: return nil
            }
        }
    }

    private static let forbidden = #"{"errcode":"M_FORBIDDEN","error":"User @bot:localhost not in room !r"}"#
    private static let unknownToken = #"{"errcode":"M_UNKNOWN_TOKEN","error":"Invalid access token passed."}"#
    private static let html = "<html>Bad Gateway</html>"

    @Test(
        arguments: [
            (401, unknownToken, .speaking, .unauthorized), (401, unknownToken, .receiving, .unauthorized),
            (401, #"{"errcode":"M_MISSING_TOKEN","error":""}"#, .asking, .unauthorized),
            (403, #"{"errcode":"M_USER_DEACTIVATED","error":""}"#, .speaking, .unauthorized),
            (403, forbidden, .speaking, .refused(.conversationGone)),
            (403, forbidden, .amending, .refused(.conversationGone)),
            (403, forbidden, .asking, .refused(.other)), (403, forbidden, .receiving, .refused(.other)),
            (403, #"{"errcode":"M_BAD_STATE","error":"banned"}"#, .speaking, .refused(.conversationGone)),
            (413, #"{"errcode":"M_TOO_LARGE","error":"event too large"}"#, .speaking, .refused(.tooLarge)),
            (413, html, .asking, .refused(.tooLarge)),
            (
                404, #"{"errcode":"M_NOT_FOUND","error":"Could not find event $nope"}"#, .amending,
                .refused(.messageGone)
            ),
            (404, #"{"errcode":"M_UNRECOGNIZED","error":"Unrecognized request"}"#, .asking, .refused(.other)),
            (
                400, #"{"errcode":"M_UNKNOWN","error":"Can't send relation to unknown event"}"#, .amending,
                .refused(.messageGone)
            ),
            (400, #"{"errcode":"M_UNKNOWN","error":"'body' not in content"}"#, .speaking, .refused(.other)),
            (400, #"{"errcode":"M_UNKNOWN","error":"Invalid stream token"}"#, .receiving, .refused(.checkpointLost)),
            (400, #"{"errcode":"M_UNKNOWN","error":"Invalid stream token"}"#, .asking, .refused(.other)),
            (400, #"{"errcode":"M_BAD_JSON","error":"Bad JSON value: float"}"#, .speaking, .refused(.other)),
            (500, #"{"errcode":"M_UNKNOWN","error":"Internal server error"}"#, .speaking, .unavailable),
            (502, html, .receiving, .unavailable), (503, "", .asking, .unavailable),
            (404, html, .speaking, .unavailable), (401, html, .speaking, .unavailable),
            (401, "", .receiving, .unavailable), (403, #"{"message":"Forbidden"}"#, .speaking, .unavailable),
            (302, "", .receiving, .unavailable),
        ] as [(Int, String, MatrixDeed, Meaning)]
    )
    private func `say what the host does next`(status: Int, body: String, deed: MatrixDeed, meaning: Meaning) {
        #expect(Meaning(SurfaceError(.refused(refusal(status, body)), while: deed)) == meaning)
    }

    @Test func `never carry a page of text along`() {
        let refusal = refusal(400, #"{"errcode":"M_X","error":"\#(String(repeating: "x", count: 5000))"}"#)

        #expect(refusal.reason.count < 300)
    }

    // MARK: No answer

    @Test func `leave the outcome open only for what was sent and may have happened`() {
        let interrupted = MatrixFault.unanswered(.interrupted(reason: "reset"))
        let notSent = MatrixFault.unanswered(.notSent(.connection, reason: "refused"))

        #expect(SurfaceError(interrupted, while: .speaking) == .unknownOutcome(reason: "reset"))
        #expect(SurfaceError(interrupted, while: .amending) == .unknownOutcome(reason: "reset"))
        #expect(SurfaceError(interrupted, while: .receiving) == .unavailable(reason: "reset"))
        #expect(SurfaceError(notSent, while: .speaking) == .unavailable(reason: "connection: refused"))
        #expect(SurfaceError(.unanswered(.cancelled), while: .speaking) == .cancelled)
    }

    // MARK: Errands

    @Test func `let an errand be tried again as long as it may succeed`() {
        let invitation = RoomErrand.Purpose.answerInvitation(by: "@a:b", isDirect: true, isExpected: false)
        let forbidden = MatrixFault.refused(refusal(403, Self.forbidden))
        let banned = MatrixFault.refused(refusal(403, #"{"errcode":"M_BAD_STATE","error":"banned"}"#))
        let limited = MatrixFault.refused(refusal(429, #"{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":4444}"#))
        let broken = MatrixFault.refused(refusal(502, Self.html))

        #expect(ErrandVerdict(after: forbidden, of: invitation, attempt: 1) == .again(after: .seconds(4)))
        #expect(ErrandVerdict(after: forbidden, of: invitation, attempt: 7) == .giveUp)
        #expect(ErrandVerdict(after: banned, of: invitation, attempt: 1) == .giveUp)
        #expect(ErrandVerdict(after: forbidden, of: .follow(announcedBy: "@a:b"), attempt: 1) == .giveUp)
        #expect(ErrandVerdict(after: limited, of: invitation, attempt: 9) == .again(after: .milliseconds(4444)))
        #expect(ErrandVerdict(after: broken, of: .leave, attempt: 99) == .again(after: .seconds(300)))
        #expect(ErrandVerdict(after: .unanswered(.cancelled), of: .leave, attempt: 1) == .interrupted)
    }

    @Test func `let joins follow each other only so fast`() {
        let start = ContinuousClock.now
        var pace = JoinPace()

        let delays = (0..<7).map { _ in pace.reserve(at: start) }

        #expect(delays == [.zero, .zero, .zero, .zero, .zero, .seconds(5), .seconds(10)])
        #expect(pace.reserve(at: start + .seconds(60)) == .zero)
    }
}
