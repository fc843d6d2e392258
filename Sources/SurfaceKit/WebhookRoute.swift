import Basics
import Synchronization

/// The address at which a messenger posts what happens, for a surface that receives by webhook.
package final class WebhookRoute: Sendable {
    private struct Taker {
        let number: Int
        let secretHeader: String
        let requests: AsyncStream<WebhookRequest>.Continuation
    }

    private struct State {
        var taker: Taker?
        var takers = 0
    }

    /// What the messenger is told to post to: `{webhooks.publicURL}/hooks/{surface id}`.
    package let url: String
    /// What the messenger echoes in each request; made by the host, the same over restarts.
    package let secret: Secret

    private let state = Mutex(State())

    package init(url: String, secret: Secret) {
        self.url = url
        self.secret = secret
    }

    /// The requests that carry the secret, in order of arrival, for as long as the sequence is iterated.
    ///
    /// The one that asked last gets them. While nobody takes them they are answered 503: every messenger tries again.
    ///
    /// - Parameter header: The name of the header in which the messenger echoes the secret.
    package func requests(secretIn header: String) -> AsyncStream<WebhookRequest> {
        let (requests, continuation) = AsyncStream.makeStream(of: WebhookRequest.self)
        let (number, earlier) = state.withLock { state in
            let earlier = state.taker?.requests
            state.takers += 1
            state.taker = Taker(number: state.takers, secretHeader: header, requests: continuation)
            return (state.takers, earlier)
        }
        // Outside of the lock, which its end takes as well.
        earlier?.finish()
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { state in if state.taker?.number == number { state.taker = nil } }
        }
        return requests
    }

    /// Hands a request to the surface and waits for what it says; the host’s listener calls this.
    ///
    /// - Parameter header: The value of a header, by its name in any case.
    package func deliver(_ body: [UInt8], header: (String) -> String?) async -> WebhookRequest.Answer {
        guard let taker = state.withLock({ $0.taker }) else { return .unavailable }
        let given = header(taker.secretHeader) ?? ""
        guard equalInConstantTime(Array(given.utf8), Array(secret.exposed.utf8)) else { return .unauthorized }
        return await WebhookRequest.answered(body) { request in _ = taker.requests.yield(request) }
    }
}

/// One request of a messenger to a ``WebhookRoute``.
package final class WebhookRequest: Sendable {
    /// What the messenger is told.
    package enum Answer: Sendable {
        /// Stored; the messenger may forget it.
        case accepted
        /// The secret is missing or wrong.
        case unauthorized
        /// Not now: the messenger should try again.
        case unavailable
    }

    package let body: [UInt8]

    private let waiting: Mutex<CheckedContinuation<Answer, Never>?>

    private init(_ body: [UInt8], _ continuation: CheckedContinuation<Answer, Never>) {
        self.body = body
        waiting = Mutex(continuation)
    }

    /// A request that is dropped has not been stored.
    deinit { answer(.unavailable) }

    /// Answers the request; only the first answer counts.
    package func answer(_ answer: Answer) {
        let continuation = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        continuation?.resume(returning: answer)
    }

    /// What is answered to `body` once it was handed over; ``Answer/unavailable`` when the task is cancelled first.
    static func answered(_ body: [UInt8], handOver: (WebhookRequest) -> Void) async -> Answer {
        let handle = Handle()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let request = WebhookRequest(body, continuation)
                handle.hold(request)
                handOver(request)
            }
        } onCancel: {
            handle.cancel()
        }
    }

    /// Reaches a request from outside of its task without keeping it alive.
    private final class Handle: Sendable {
        private struct State {
            weak var request: WebhookRequest?
            var isCancelled = false
        }

        private let state = Mutex(State())

        func hold(_ request: WebhookRequest) {
            let isCancelled = state.withLock { state in
                state.request = request
                return state.isCancelled
            }
            if isCancelled { request.answer(.unavailable) }
        }

        func cancel() {
            let request = state.withLock { state in
                state.isCancelled = true
                return state.request
            }
            request?.answer(.unavailable)
        }
    }
}
