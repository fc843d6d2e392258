import Basics
import SurfaceKit

/// Receives updates that MAX posts: subscribes, sees to it that the subscription stands, and answers each request once
/// the inbox has accepted it.
struct WebhookReceiver<Box: Inbox>: Sendable {
    /// MAX ends a subscription by itself when it could not deliver for some hours.
    static var check: Duration { .seconds(60) }
    private static var secretHeader: String { "X-Max-Bot-Api-Secret" }
    private static var stateKey: String { "webhook" }

    let subscriptions: Subscriptions
    let context: SurfaceContext
    let route: WebhookRoute
    let inbox: Box
    let oddities: OddityCount

    func run(_ reader: UpdateReader) async throws(SurfaceError) {
        // Before the subscription: its first request may come at once.
        let requests = route.requests(secretIn: Self.secretHeader)
        try await subscribe(isFirst: true)
        await inbox.receiving(nextWithin: Self.check)
        let end = await withTaskGroup(of: SurfaceError.self) { group in
            group.addTask { await failure { () async throws(SurfaceError) in try await keep() } }
            group.addTask {
                await failure { () async throws(SurfaceError) in
                    for await request in requests { try await take(request, reader) }
                }
            }
            let end = await group.next() ?? .cancelled
            group.cancelAll()
            return end
        }
        throw end
    }

    private func failure(of body: () async throws(SurfaceError) -> Void) async -> SurfaceError {
        do throws(SurfaceError) {
            try await body()
            return Task.isCancelled ? .cancelled : .unavailable(reason: "another receiver took the webhook")
        } catch {
            return error
        }
    }

    // MARK: Subscription

    private func keep() async throws(SurfaceError) {
        while true {
            do {
                try await context.system.sleep(for: Self.check)
            } catch {
                throw .cancelled
            }
            try await subscribe(isFirst: false)
            await inbox.receiving(nextWithin: Self.check)
        }
    }

    /// Makes sure that exactly one subscription stands: ours, with our secret.
    private func subscribe(isFirst: Bool) async throws(SurfaceError) {
        let found = try await subscriptions.removeAll(but: route.url)
        // The secret and the kinds are not told, so what was set is remembered.
        if found.kept == 1, try await context.state.value(Self.stateKey) == mark { return }
        if !isFirst { context.log.warning("The webhook subscription was gone: subscribing again") }
        // The same address again was seen to make a second one.
        if found.kept > 0 { try await subscriptions.remove(route.url) }
        try await subscriptions.add(route.url, secret: route.secret)
        guard try await subscriptions.all().contains(route.url) else {
            throw .unavailable(reason: "MAX took the webhook subscription and does not list it")
        }
        try await context.state.apply([StateChange(key: Self.stateKey, value: mark)])
        context.log.info("MAX posts updates to the webhook", ["address": route.url])
    }

    /// The same for the same address, secret and kinds; tells none of them.
    private var mark: String {
        let parts = [route.url, route.secret.exposed] + UpdateReader.kinds
        return hex(sha256(Array(parts.joined(separator: "\n").utf8)))
    }

    // MARK: Requests

    private func take(_ request: WebhookRequest, _ reader: UpdateReader) async throws(SurfaceError) {
        guard let update = try? JSONValue(parsing: request.body) else {
            oddities.note("webhook request that is no JSON")
            // It would be the same the next time.
            request.answer(.accepted)
            return
        }
        let reading = reader.read(update)
        reading.oddities.forEach(oddities.note)
        if let event = reading.event {
            do throws(SurfaceError) {
                try await inbox.accept([event], checkpoint: nil)
            } catch {
                request.answer(.unavailable)
                throw error
            }
        }
        request.answer(.accepted)
    }
}
