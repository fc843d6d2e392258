import Basics

extension MaxSimulator {
    /// Announced since May 2026; the schema still says 1000 and 90.
    private static let mostUpdates: Int64 = 100
    private static let longestPoll: Int64 = 30

    func poll(_ call: MaxCall) async throws(MaxFault) -> JSONValue {
        if let polls = settings.polls, !buckets.take("polls", polls, at: .now) { throw .tooMany(polls.perSecond) }
        let limit = Int(min(call.query["limit"]?.int64 ?? 100, Self.mostUpdates))
        let timeout = min(call.query["timeout"]?.int64 ?? 30, Self.longestPoll)
        let kinds = call.query["types"]?.array.map { Set($0.compactMap(\.string)) }
        let start = call.query["marker"]?.int64 ?? updates.committed
        updates.commit(start)
        let deadline = ContinuousClock.now + .seconds(timeout)
        while true {
            guard subscriptions.isEmpty else {
                throw MaxFault(settings.conflictStatus, "not.allowed", "Long polling is off while a webhook is set")
            }
            let ready = updates.after(start, limit: limit, kinds: kinds)
            if !ready.isEmpty || deadline <= .now || Task.isCancelled {
                return page(ready, full: ready.count == limit)
            }
            await changed.wait(until: deadline)
        }
    }

    private func page(_ ready: ArraySlice<MaxUpdateQueue.Update>, full: Bool) -> JSONValue {
        var page = JSONObject()
        page["updates"] = .array(ready.map(\.json))
        let marker = full ? ready.last.map { $0.place + 1 } ?? updates.next : updates.next
        if !ready.isEmpty || !settings.omitsMarker { page["marker"] = JSONValue(marker) }
        return .object(page)
    }

    /// Queues an update, unless the bot may not read the group that it is of.
    func queue(_ kind: String, _ content: JSONObject, in chat: Int64) {
        let isSeen = chats[chat]?.isAdmin ?? true
        guard isSeen || ["bot_added", "bot_removed"].contains(kind) else { return }
        var update = content
        if update["timestamp"] == nil { update["timestamp"] = JSONValue(Self.milliseconds) }
        if settings.tellsLocale, chats[chat]?.kind == .dialog, let locale = locale(of: chat),
            Self.telling.contains(kind)
        {
            update["user_locale"] = .string(locale)
        }
        update["update_type"] = .string(kind)
        check(.object(update), is: "Update")
        updates.add(kind, .object(update), at: .now)
        changed.signal()
    }

    /// Updates that tell the person’s language.
    private static let telling: Set<String> = [
        "message_created", "message_callback", "bot_started", "bot_stopped", "dialog_cleared", "dialog_removed",
        "dialog_muted", "dialog_unmuted",
    ]

    private func locale(of chat: Int64) -> String? { chats[chat]?.person.flatMap { people[$0]?.locale } }

    /// Delivers an update as it is.
    package func inject(_ update: JSONValue) {
        updates.add(update["update_type"]?.string ?? "", update, at: .now)
        changed.signal()
    }

    package func repeatLastUpdate() {
        updates.repeatLast(at: .now)
        changed.signal()
    }

    /// How many updates were not taken yet.
    package var uncommittedUpdates: Int { updates.after(updates.committed, limit: .max, kinds: nil).count }
}
