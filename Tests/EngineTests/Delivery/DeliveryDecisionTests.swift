import State
import SurfaceKit
import Testing

@testable import Engine

@Suite("Delivery decision")
struct DeliveryDecisionTests {
    private func decide(
        _ error: SurfaceError,
        _ post: PostRecord = .sample("**bold**"),
        isEdit: Bool = false,
        failures: Int = 1,
        works: Bool = true,
        owedFor: Duration = .seconds(60)
    ) -> DeliveryDecision {
        DeliveryDecision.make(
            after: Fault(error),
            post,
            isEdit: isEdit,
            failures: failures,
            works: works,
            owedFor: owedFor
        )
    }

    @Test(
        arguments: [
            (.unavailable(retryAfter: .seconds(9), reason: ""), .retry(after: .seconds(9))),
            // A wish for no wait is no wish to be asked without pause.
            (.unavailable(retryAfter: .zero, reason: ""), .retry(after: .seconds(4))),
            (.unavailable(reason: ""), .retry(after: .seconds(4))),
            (.unknownOutcome(reason: ""), .retry(after: .seconds(4))),
            // While the surface hears, nothing would wake the conversation later.
            (.unauthorized(reason: ""), .retry(after: .seconds(4))), (.cancelled, .retry(after: .seconds(4))),
            (.refused(.conversationGone, reason: ""), .drop),
        ] as [(SurfaceError, DeliveryDecision)]
    )
    func `tries again only what may come to be`(error: SurfaceError, decision: DeliveryDecision) {
        for isEdit in [false, true] {
            #expect(decide(error, isEdit: isEdit, failures: 3) == decision)
        }
    }

    @Test(arguments: [.unauthorized(reason: ""), .cancelled] as [SurfaceError])
    func `waits for a surface that does not work`(error: SurfaceError) {
        #expect(decide(error, works: false) == .suspend)
    }

    static let refusals: [SurfaceError] = [.refused(.other, reason: ""), .refused(.tooLarge, reason: "")]

    @Test(arguments: refusals)
    func `puts a text that is refused plainly, then says so, then gives up`(refusal: SurfaceError) {
        #expect(decide(refusal, .sample("**bold**")) == .simplify(.simple))
        #expect(decide(refusal, .sample("**bold**", form: .simple)) == .simplify(.notice))
        #expect(decide(refusal, .sample("**bold**", form: .notice)) == .fail)
        #expect(decide(refusal, .sample(.plain)) == .simplify(.notice), "it has no simpler form")
    }

    @Test(arguments: refusals)
    func `sends a picture that is refused as a document, then says so, then gives up`(refusal: SurfaceError) {
        #expect(decide(refusal, .sample(.photo)) == .simplify(.simple))
        #expect(decide(refusal, .sample(.photo, form: .simple)) == .simplify(.notice))
        #expect(decide(refusal, .sample(.document)) == .simplify(.notice))
        #expect(decide(refusal, .sample(.document, form: .notice)) == .fail)
    }

    @Test(arguments: refusals)
    func `makes a new message of one that takes no edit, and takes the old one away`(refusal: SurfaceError) {
        let new = DeliveryDecision.replace(removesOld: true)

        #expect(decide(refusal, .sample("**bold**", message: "m"), isEdit: true) == .simplify(.simple))
        #expect(decide(refusal, .sample("**bold**", message: "m", form: .simple), isEdit: true) == new)
        #expect(decide(refusal, .sample("**bold**", message: "m", form: .notice), isEdit: true) == new)
        #expect(decide(refusal, .sample(.plain, message: "m"), isEdit: true) == new)
    }

    @Test func `ends the ladder of every refusal after a few steps`() {
        for content in ["**bold**", .plain, .photo, .document] as [MessageContent] {
            for refusal in [Refusal.other, .tooLarge, .messageGone, .checkpointLost] {
                #expect(steps(content, refusal, startsWithEdit: true) <= 7, "\(content) \(refusal)")
                #expect(steps(content, refusal, startsWithEdit: false) <= 4, "\(content) \(refusal)")
            }
        }
    }

    /// Decisions until the end, for a messenger that refuses whatever it is asked.
    private func steps(_ content: MessageContent, _ refusal: Refusal, startsWithEdit: Bool) -> Int {
        var (form, generation, isEdit) = (PostForm.whole, 0, startsWithEdit)
        for step in 1...50 {
            let post = PostRecord.sample(content, generation: generation, form: form)
            switch decide(.refused(refusal, reason: ""), post, isEdit: isEdit) {
            case .simplify(let simpler): form = simpler
            case .renew: (generation, isEdit) = (generation + 1, startsWithEdit)
            case .replace: (generation, isEdit) = (DeliveryDecision.mostOpenings, false)
            case .fail, .drop: return step
            default: return 99
            }
        }
        return 99
    }

    @Test func `makes a new message at most twice when the old one is gone, each after a pause, then all in one`() {
        let gone = SurfaceError.refused(.messageGone, reason: "")
        let decisions = (0...3).map { decide(gone, .sample("**bold**", generation: $0), isEdit: true) }

        #expect(
            decisions == [
                .renew(after: .seconds(1)), .renew(after: .seconds(2)), .replace(removesOld: false),
                .replace(removesOld: false),
            ]
        )
        #expect(decide(gone, .sample(.plain)) == .simplify(.notice), "a send finds no message gone")
    }

    @Test(arguments: [true, false])
    func `gives up what could not be delivered for a day, and remembers to say so`(works: Bool) {
        let post = PostRecord.sample("hi")
        let (almost, day) = (Duration.seconds(86_399), Duration.seconds(86_400))
        let retries: [SurfaceError] = [.unavailable(reason: ""), .unknownOutcome(reason: "")]

        for error in retries {
            #expect(decide(error, post, failures: 4, works: works, owedFor: almost) == .retry(after: .seconds(8)))
            #expect(decide(error, post, failures: 4, works: works, owedFor: day) == .lose)
        }
    }

    @Test func `is patient for time only while the messenger is down`() {
        let post = PostRecord.sample("hi", attempts: 100_000)

        #expect(decide(.unavailable(reason: ""), post, failures: 100_000, works: false) == .retry(after: .seconds(60)))
    }

    @Test func `takes the message for at fault after 200 failures of a messenger that works`() {
        let (text, last) = (PostRecord.sample("**bold**", attempts: 198), PostRecord.sample("**bold**", attempts: 199))
        let notice = PostRecord.sample("**bold**", form: .notice, attempts: 199)

        #expect(decide(.unavailable(reason: ""), text, failures: 199) == .retry(after: .seconds(60)))
        #expect(decide(.unavailable(reason: ""), last) == .simplify(.simple))
        #expect(decide(.unknownOutcome(reason: ""), last) == .simplify(.simple))
        #expect(decide(.unavailable(reason: ""), notice) == .fail)
    }

    @Test func `waits no longer than it is patient, whatever the messenger asks`() {
        let decision = decide(.unavailable(retryAfter: .seconds(1_000_000), limited: true, reason: ""))

        #expect(decision == .retry(after: DeliveryDecision.patience))
    }

    @Test func `ends what fails by a defect of its own`() {
        let faults: [Fault] = [.defect(reason: ""), .row(.post(PostID(1)), reason: "")]

        for fault in faults {
            let decision = DeliveryDecision.make(
                after: fault,
                .sample("hi"),
                isEdit: false,
                failures: 1,
                works: true,
                owedFor: .seconds(1)
            )
            #expect(decision == .fail)
        }
    }
}
