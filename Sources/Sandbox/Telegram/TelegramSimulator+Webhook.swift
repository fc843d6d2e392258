import Basics
import HTTP

extension TelegramSimulator {
    /// Where updates are posted instead of being polled.
    struct Webhook: Sendable {
        let url: String
        let secret: String?
        var lastError: String?
    }

    private static let ports = [443, 80, 88, 8443]

    func setWebhook(_ parameters: JSONObject) throws(BotAPIFault) -> JSONValue {
        guard let url = parameters["url"]?.string, !url.isEmpty else { return deleteWebhook(parameters) }
        let secret = parameters["secret_token"]?.string
        guard let parts = URLParts(url) else { throw .bad("invalid webhook URL specified") }
        if settings.isCloud {
            guard parts.scheme == "https" else { throw .bad("bad webhook: An HTTPS URL must be provided for webhook") }
            guard Self.ports.contains(parts.port) else {
                throw .bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
            }
        }
        guard secret?.utf8.count ?? 0 <= 256 else { throw .bad("secret token is too long") }
        guard secret?.utf8.allSatisfy({ isASCIIWordByte($0) || $0 == 0x2D }) ?? true else {
            throw .bad("secret token contains unallowed characters")
        }
        remember(allowed: parameters["allowed_updates"])
        if parameters["drop_pending_updates"]?.bool == true { updates.clear() }
        webhook = Webhook(url: url, secret: secret)
        polls.generation += 1
        return true
    }

    func deleteWebhook(_ parameters: JSONObject) -> JSONValue {
        webhook = nil
        if parameters["drop_pending_updates"]?.bool == true { updates.clear() }
        return true
    }

    var webhookInfo: JSONValue {
        var info = JSONObject()
        info["url"] = .string(webhook?.url ?? "")
        info["has_custom_certificate"] = false
        info["pending_update_count"] = JSONValue(updates.updates.count)
        if let error = webhook?.lastError {
            info["last_error_date"] = JSONValue(Self.seconds)
            info["last_error_message"] = .string(error)
        }
        if webhook != nil { info["max_connections"] = 40 }
        if let allowed = allowedUpdates { info["allowed_updates"] = .array(allowed.sorted().map { .string($0) }) }
        return .object(info)
    }

    /// A webhook set by somebody else.
    package func setForeignWebhook(_ url: String?) {
        webhook = url.map { Webhook(url: $0, secret: nil) }
        polls.generation += 1
        changed.signal()
    }

    /// Posts updates to the webhook, in order, until cancelled.
    package func deliverToWebhook(by http: HTTPClient) async {
        var failures = 0
        while !Task.isCancelled {
            guard let webhook, let update = updates.read(offset: 0, limit: 1).first else {
                await changed.wait(until: .now + .seconds(60))
                continue
            }
            let answer = await post(update, to: webhook, by: http)
            if let answer, (200..<300).contains(answer.status) {
                failures = 0
                if let id = update["update_id"]?.int64 { updates.remove(id) }
                self.webhook?.lastError = nil
                await reply(answer)
            } else {
                failures += 1
                let status = answer.map { "Wrong response from the webhook: \($0.status)" } ?? "Connection failed"
                self.webhook?.lastError = status
                // The first retry comes at once, then after 2, 4, 8… seconds.
                let wait = failures == 1 ? Duration.zero : .seconds(min(64, 1 << (failures - 1)))
                try? await Task.sleep(for: wait)
            }
            changed.signal()
        }
    }

    private func post(_ update: JSONValue, to webhook: Webhook, by http: HTTPClient) async -> HTTPReply? {
        var headers = [HTTPHeader("Content-Type", "application/json")]
        if let secret = webhook.secret { headers.append(HTTPHeader("X-Telegram-Bot-Api-Secret-Token", secret)) }
        return try? await http.send(
            HTTPRequest("POST", webhook.url, headers: headers, body: .bytes(update.encoded))
        )
    }

    /// Runs the method that an answer names; its result is never told.
    private func reply(_ answer: HTTPReply) async {
        guard let call = try? JSONValue(parsing: answer.body), let method = call["method"]?.string,
            !method.hasPrefix("get"), !["setWebhook", "deleteWebhook", "close", "logOut"].contains(method),
            var parameters = call.object
        else { return }
        parameters["method"] = nil
        _ = await self.answer(method: method, BotAPIRequest(parameters))
    }
}
