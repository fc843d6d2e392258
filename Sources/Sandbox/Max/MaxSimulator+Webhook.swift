import Basics
import HTTP

/// Where updates are posted instead of being polled.
struct MaxSubscription: Sendable {
    let url: String
    let secret: String?
    let kinds: Set<String>?
    let time: Int64
    /// The place of the next update to post.
    var next: Int64
    var failures = 0
    var due: ContinuousClock.Instant = .now

    var json: JSONValue {
        var json = JSONObject()
        json["url"] = .string(url)
        json["time"] = JSONValue(time)
        json["update_types"] = kinds.map { .array($0.sorted().map { .string($0) }) }
        return .object(json)
    }
}

extension MaxSimulator {
    /// The bot is unsubscribed after as many attempts at one update.
    private static let mostAttempts = 10

    func subscribe(_ call: MaxCall) throws(MaxFault) -> JSONValue {
        guard let url = call.body["url"]?.string, let parts = URLParts(url) else {
            throw .payload("Invalid webhook url")
        }
        if settings.isCloud, parts.scheme != "https" || parts.port != 443 {
            return MaxFault.unsuccessful("Webhook url must be https on port 443")
        }
        if !settings.duplicatesSubscriptions { subscriptions.removeAll { $0.url == url } }
        subscriptions.append(
            MaxSubscription(
                url: url,
                secret: call.body["secret"]?.string,
                kinds: call.body["update_types"]?.array.map { Set($0.compactMap(\.string)) },
                time: Self.milliseconds,
                next: updates.committed
            )
        )
        return ["success": true]
    }

    func unsubscribe(_ call: MaxCall) -> JSONValue {
        subscriptions.removeAll { $0.url == call.query["url"]?.string }
        return ["success": true]
    }

    /// A subscription that somebody else made.
    package func addForeignSubscription(_ url: String) {
        let next = updates.committed
        subscriptions.append(MaxSubscription(url: url, secret: nil, kinds: nil, time: Self.milliseconds, next: next))
        changed.signal()
    }

    /// Ends all subscriptions, as the service does when it could not deliver for eight hours.
    package func dropSubscriptions() {
        subscriptions = []
        changed.signal()
    }

    package var subscribed: [(url: String, secret: String?)] { subscriptions.map { ($0.url, $0.secret) } }

    // MARK: Delivery

    /// Posts updates to each subscription, in order, until cancelled.
    package func deliverToWebhook(by http: HTTPClient) async {
        while !Task.isCancelled {
            guard let index = subscriptions.firstIndex(where: { $0.due <= .now && update(for: $0) != nil }),
                let update = update(for: subscriptions[index])
            else {
                let due = subscriptions.filter { update(for: $0) != nil }.map(\.due).min()
                await changed.wait(until: due ?? .now + .seconds(60))
                continue
            }
            let subscription = subscriptions[index]
            let status = await post(update.json, to: subscription, by: http)
            settle(subscription, update, status: status)
            changed.signal()
        }
    }

    private func update(for subscription: MaxSubscription) -> MaxUpdateQueue.Update? {
        updates.after(subscription.next, limit: 1, kinds: subscription.kinds).first
    }

    private func settle(_ posted: MaxSubscription, _ update: MaxUpdateQueue.Update, status: Int?) {
        guard let index = subscriptions.firstIndex(where: { $0.url == posted.url && $0.time == posted.time }) else {
            return
        }
        // Exactly 200; anything else counts as not delivered.
        guard status == 200 else {
            subscriptions[index].failures += 1
            if subscriptions[index].failures >= Self.mostAttempts {
                subscriptions.remove(at: index)
                return
            }
            var wait = settings.webhookRetry
            for _ in 1..<subscriptions[index].failures { wait = wait * 5 / 2 }
            subscriptions[index].due = .now + wait
            return
        }
        subscriptions[index].failures = 0
        subscriptions[index].next = update.place + 1
        if let first = subscriptions.map(\.next).min() { updates.commit(first) }
    }

    private func post(_ update: JSONValue, to subscription: MaxSubscription, by http: HTTPClient) async -> Int? {
        var headers = [HTTPHeader("Content-Type", "application/json; charset=utf-8")]
        if let secret = subscription.secret { headers.append(HTTPHeader("X-Max-Bot-Api-Secret", secret)) }
        let timeouts = HTTPTimeouts(total: .seconds(30))
        let request = HTTPRequest(
            "POST",
            subscription.url,
            headers: headers,
            body: .bytes(update.encoded),
            timeouts: timeouts
        )
        return try? await http.send(request).status
    }
}
