import Basics

/// What one room contributes to one sync.
struct RoomSync: Sendable {
    /// Under which heading a room appears.
    enum Fate: Sendable {
        case none
        case invited(state: [JSONValue])
        /// `isNew`: since the last sync.
        case joined(isNew: Bool)
        /// After which event the client sees nothing more; `since` is `nil` when it came and went in between.
        case left(end: Int, since: Int?)
    }

    let room: MatrixRoom
    let session: MatrixSimulator.Session
    let filter: MatrixFilter
    let since: StreamPosition?
    let now: StreamPosition

    /// Events since the last sync, before anything is filtered.
    private var news: Range<Int> {
        room.index(after: since?.events ?? 0)..<room.events.count
    }

    var hasNewEvents: Bool { !news.isEmpty }

    var fate: Fate {
        guard let index = room.state[.member(session.user)] else { return .none }
        let own = room.events[index]
        let isRecent = own.position > since?.events ?? 0
        switch own.content["membership"]?.string {
        case "join":
            guard let since else { return .joined(isNew: false) }
            return .joined(isNew: isNewlyJoined(since: since.events))
        case "invite": return isRecent ? .invited(state: inviteState(own)) : .none
        case "leave", "ban":
            guard let since else { return filter.showsLeft ? .left(end: own.position, since: nil) : .none }
            let cameAndWent = hasJoined && membership(at: since.events) != "join"
            return isRecent ? .left(end: own.position, since: cameAndWent ? nil : since.events) : .none
        default: return .none
        }
    }

    private func membership(at position: Int) -> String? {
        room.membership(of: session.user, in: room.state(at: position))
    }

    /// Own memberships since the last sync.
    private var changes: [String] {
        news.map { room.events[$0] }.filter { $0.key == .member(session.user) }
            .compactMap { $0.content["membership"]?.string }
    }

    private var hasJoined: Bool { changes.contains("join") }

    private func isNewlyJoined(since: Int) -> Bool {
        let changes = changes
        guard !changes.isEmpty else { return false }
        return changes.contains { $0 != "join" } || membership(at: since) != "join"
    }

    /// What an invitation shows of the room ("Stripped state").
    private func inviteState(_ own: RoomEvent) -> [JSONValue] {
        let shown = [
            "m.room.create", "m.room.join_rules", "m.room.canonical_alias", "m.room.avatar", "m.room.encryption",
            "m.room.name", "m.room.topic",
        ]
        let keys = shown.map { StateKey($0) } + [.member(own.sender)]
        return keys.compactMap { room.state[$0] }.map { EventView.stripped(room.events[$0]) } + [
            EventView.stripped(own)
        ]
    }

    // MARK: Timelines

    func joinedTimeline(isNew: Bool, sees: (RoomEvent) -> Bool) -> SyncTimeline {
        guard let since else {
            return timeline(since: nil, from: now.events, recent: nil, isNew: false, sees)
        }
        let recent = Array(news.suffix(filter.timeline.limit + 1))
        let from = recent.first.map { room.events[$0].position - 1 } ?? since.events
        return timeline(since: isNew ? nil : since.events, from: from, recent: recent, isNew: isNew, sees)
    }

    func leftTimeline(end: Int, since: Int?, sees: (RoomEvent) -> Bool) -> SyncTimeline {
        timeline(since: since, from: end, recent: nil, isNew: since == nil && self.since != nil, sees)
    }

    private func timeline(
        since: Int?,
        from: Int,
        recent: [Int]?,
        isNew: Bool,
        _ sees: (RoomEvent) -> Bool
    ) -> SyncTimeline {
        SyncTimeline(
            of: room,
            since: since,
            from: from,
            recent: recent,
            isNew: isNew,
            filter: filter.timeline,
            takes: sees
        )
    }

    func json(_ timeline: SyncTimeline, state: [JSONValue], accountData: [JSONValue]) -> JSONObject {
        let view = EventView(room, for: session.user, session.device)
        let events = timeline.events.map { view.synced(room.events[$0], bundled: timeline.isBundled) }
        var json = JSONObject()
        json["timeline"] = [
            "events": .array(events),
            "prev_batch": .string(StreamPosition(events: timeline.start, rest: now.rest).text),
            "limited": .bool(timeline.isLimited),
        ]
        json["state"] = ["events": .array(state)]
        json["account_data"] = ["events": .array(accountData)]
        return json
    }

    // MARK: Numbers and names

    /// Who the room is named after; `nil` for a room with a name.
    var heroes: [String]? {
        let named = [("m.room.name", "name"), ("m.room.canonical_alias", "alias")]
        for (type, key) in named where room.content(StateKey(type))?[key]?.string?.isEmpty == false { return nil }
        let present = room.people("join", "invite").filter { $0 != session.user }
        let heroes = present.isEmpty ? room.people("leave", "ban").filter { $0 != session.user } : present
        return Array(heroes.prefix(5))
    }

    func summary(_ heroes: [String]?) -> JSONValue {
        var summary = JSONObject()
        summary["m.joined_member_count"] = JSONValue(room.people("join").count)
        summary["m.invited_member_count"] = JSONValue(room.people("invite").count)
        if let heroes { summary["m.heroes"] = .array(heroes.map { .string($0) }) }
        return .object(summary)
    }

    /// Messages of others since what was read last or the user came, and those that name the user.
    var unread: JSONValue {
        let read =
            room.receipts.filter { $0.user == session.user }.compactMap { room.event($0.event)?.position }.max() ?? 0
        let came = room.state[.member(session.user)].map { room.events[$0].position } ?? 0
        let news = room.events[room.index(after: max(read, came))...].filter {
            $0.sender != session.user && $0.redaction == nil
        }
        let messages = news.filter {
            ["m.room.message", "m.room.encrypted"].contains($0.type) && $0.content["msgtype"] != "m.notice"
                && $0.relationType != "m.replace"
        }
        let naming = messages.filter {
            $0.content["m.mentions"]?["user_ids"]?.array?.contains(.string(session.user)) ?? false
        }
        // That a room has been replaced concerns everybody in it.
        let tombstones = news.count { $0.type == "m.room.tombstone" }
        return [
            "notification_count": JSONValue(messages.count + tombstones),
            "highlight_count": JSONValue(naming.count + tombstones),
        ]
    }
}
