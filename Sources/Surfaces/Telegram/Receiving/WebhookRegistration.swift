import Basics
import SurfaceKit

/// Keeps a webhook set on the bot: `setWebhook` at a start, then a look each minute whether it still stands.
struct WebhookRegistration: Sendable {
    /// Between two looks.
    static let interval = Duration.seconds(60)

    let api: BotAPI
    let route: WebhookRoute
    let log: Log

    /// Sets the webhook and watches over it until cancelled.
    ///
    /// - Parameter stands: Called when the webhook stands, with the time until the next look.
    /// - Returns: Why it does not stand any more.
    func keep(_ stands: (Duration) async -> Void) async -> SurfaceError {
        do throws(BotAPIError) {
            try await set()
            var trouble: String?
            while !Task.isCancelled {
                let info = try await api.call("getWebhookInfo")
                if info["url"]?.string != route.url {
                    log.warning("Another program changed the webhook of this bot: setting it again")
                    try await set()
                    continue
                }
                await stands(Self.interval)
                tell(info, &trouble)
                try? await Task.sleep(for: Self.interval)
            }
            return .cancelled
        } catch {
            return SurfaceError(error)
        }
    }

    private func set() async throws(BotAPIError) {
        var parameters = JSONObject()
        parameters["url"] = .string(route.url)
        parameters["secret_token"] = .string(route.secret.exposed)
        parameters["allowed_updates"] = .array(UpdateReader.kinds.map { .string($0) })
        _ = try await api.call("setWebhook", parameters)
    }

    /// Says once what keeps Telegram from delivering.
    private func tell(_ info: JSONValue, _ told: inout String?) {
        let waiting = info["pending_update_count"]?.int64 ?? 0
        let trouble = waiting > 0 ? info["last_error_message"]?.string : nil
        defer { told = trouble }
        guard let trouble, trouble != told else { return }
        log.warning("Telegram cannot deliver to the webhook", ["waiting": waiting, "reason": trouble])
    }
}
