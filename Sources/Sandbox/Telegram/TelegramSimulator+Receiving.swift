import Basics

extension TelegramSimulator {
    /// Longest time a poll is held back, in seconds; more is clamped.
    private static let longestPoll: Int64 = 50
    /// What a bot gets that never asked for anything else.
    private static let notByDefault: Set<String> = ["chat_member", "message_reaction", "message_reaction_count"]

    /// Answers `getUpdates`; a newer call ends an older one.
    func poll(_ parameters: JSONObject) async throws(BotAPIFault) -> JSONValue {
        guard webhook == nil else {
            throw BotAPIFault(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        }
        remember(allowed: parameters["allowed_updates"])
        let offset = parameters["offset"]?.int64 ?? 0
        let limit = min(max(parameters["limit"]?.int64 ?? 100, 1), 100)
        let timeout = pace(min(max(parameters["timeout"]?.int64 ?? 0, 0), Self.longestPoll), offset)
        polls.generation += 1
        let generation = polls.generation
        changed.signal()
        let deadline = ContinuousClock.now + .seconds(timeout)
        while true {
            guard generation == polls.generation else {
                let description =
                    webhook == nil
                    ? "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
                    : "Conflict: terminated by setWebhook request"
                throw BotAPIFault(409, description)
            }
            let ready = updates.read(offset: offset, limit: Int(limit))
            if !ready.isEmpty || deadline <= .now || Task.isCancelled { return .array(ready) }
            await changed.wait(until: deadline)
        }
    }

    /// Ends polls that wait, as another client’s poll does.
    package func intrude() {
        polls.generation += 1
        changed.signal()
    }

    /// A client that repeats an offset in no time is slowed down.
    private func pace(_ timeout: Int64, _ offset: Int64) -> Int64 {
        defer { polls.last = (offset, .now) }
        guard settings.slowsRepeatedPolls, timeout < 3, let last = polls.last, last.offset == offset,
            last.at + .seconds(3) > .now
        else { return timeout }
        return 3
    }

    func remember(allowed: JSONValue?) {
        guard let names = allowed?.array?.compactMap(\.string) else { return }
        allowedUpdates = names.isEmpty ? nil : Set(names)
    }

    /// Queues an update unless the bot does not want its kind.
    @discardableResult
    func queue(_ kind: String, _ content: JSONValue) -> Int64? {
        let wanted = allowedUpdates?.contains(kind) ?? !Self.notByDefault.contains(kind)
        guard wanted else { return nil }
        defer { changed.signal() }
        return updates.add(kind, content)
    }
}
