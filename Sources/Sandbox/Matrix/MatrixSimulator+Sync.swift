import Basics

extension MatrixSimulator {
    /// What makes two syncs the same question.
    struct SyncRequest: Hashable, Sendable {
        let session: Session
        let since: String?
        let filter: String?
        let timeout: String?
        let isFull: Bool
    }

    /// "Syncing"; `nil` when the server stops before there is an answer.
    func sync(_ call: MatrixRequest) async throws(MatrixAPIError) -> JSONValue? {
        let request = SyncRequest(
            session: Session(user: call.user, device: call.device),
            since: call.query("since"),
            filter: call.query("filter"),
            timeout: call.query("timeout"),
            isFull: call.query("full_state") == "true"
        )
        let filter = try filter(call.query("filter"), of: call.user)
        let since = try request.since.map { text throws(MatrixAPIError) in try StreamPosition(text) }
        let deadline = ContinuousClock.now + .milliseconds(max(0, Int64(call.query("timeout") ?? "0") ?? 0))
        var isWaiting = false
        if let kept = keptAnswers[request], kept.expires > .now { return kept.answer }
        if since == nil { toldMembers[request.session] = nil }
        defer { if isWaiting { waiting[call.user, default: 1] -= 1 } }
        while true {
            guard !Task.isCancelled else { return nil }
            expireTyping()
            var answer = SyncAnswer(at: now, after: since)
            collect(into: &answer, request.session, filter, isFull: request.isFull)
            if !answer.isEmpty || since == nil || request.isFull || deadline <= .now {
                keep(answer, for: request)
                return answer.json
            }
            if !isWaiting {
                isWaiting = true
                waiting[call.user, default: 0] += 1
                // Only now: a signal at each turn would wake other syncs for ever.
                changed.signal()
            }
            await changed.wait(until: min(deadline, nextTypingEnd ?? deadline))
        }
    }

    private func filter(_ text: String?, of user: String) throws(MatrixAPIError) -> MatrixFilter {
        guard let text else { return try MatrixFilter([:]) }
        guard text.hasPrefix("{") else {
            guard let stored = storedFilter(text, of: user) else { throw .invalid("No such filter") }
            return try MatrixFilter(.object(stored))
        }
        guard let json = try? JSONValue(parsing: text.utf8) else {
            throw MatrixAPIError(400, "M_NOT_JSON", "Invalid filter JSON")
        }
        noteViolations(MatrixShape.filter.violations(of: json, at: "sync?filter"))
        return try MatrixFilter(json)
    }

    /// The same question is answered the same for a while, unless nothing was new.
    private func keep(_ answer: SyncAnswer, for request: SyncRequest) {
        keptAnswers = keptAnswers.filter { $0.value.expires > .now }
        guard answer.now != answer.since else { return }
        keptAnswers[request] = (answer.json, .now + settings.keepsAnswers)
    }

    private func collect(
        into answer: inout SyncAnswer,
        _ session: Session,
        _ filter: MatrixFilter,
        isFull: Bool
    ) {
        let account = accounts[session.user]
        for (type, datum) in (account?.data ?? [:]).sorted(by: { $0.value.position < $1.value.position })
        where datum.position > answer.since?.rest ?? 0 && filter.accountData.takes(type: type, sender: nil) {
            answer.accountData.append(["type": .string(type), "content": .object(datum.content)])
        }
        if let since = answer.since {
            let news = deviceChanges.filter { $0.position > since.rest && sharesRoom($0.user, session.user) }
            answer.changedDevices = Set(news.map(\.user)).sorted()
        }
        for room in rooms.values.sorted(by: { $0.id < $1.id }) where filter.takes(room: room.id) {
            let entry = RoomSync(room: room, session: session, filter: filter, since: answer.since, now: now)
            collect(entry, into: &answer, isFull: isFull)
        }
    }

    private func collect(_ entry: RoomSync, into answer: inout SyncAnswer, isFull: Bool) {
        let room = entry.room
        switch entry.fate {
        case .none: break
        case .invited(let state): answer.invited.append((room.id, ["invite_state": ["events": .array(state)]]))
        case .joined(let isNew):
            let since = isNew || isFull ? nil : entry.since?.events
            let data = roomData(of: entry)
            let ephemeral = ephemeralEvents(in: room, for: entry.session.user, since: entry.since?.rest)
                .filter { entry.filter.ephemeral.takes(type: $0["type"]?.string ?? "", sender: nil) }
            guard since == nil || entry.hasNewEvents || !data.isEmpty || !ephemeral.isEmpty else { return }
            let timeline = entry.joinedTimeline(isNew: isNew, sees: sees(entry))
            let (state, summary) = describe(entry, timeline, since: since, end: now.events)
            guard !timeline.events.isEmpty || !state.isEmpty || !data.isEmpty || !ephemeral.isEmpty else { return }
            var json = entry.json(timeline, state: state, accountData: data)
            json["ephemeral"] = ["events": .array(ephemeral)]
            json["unread_notifications"] = entry.unread
            json["summary"] = summary
            answer.joined.append((room.id, .object(json)))
        case .left(let end, let since):
            let timeline = entry.leftTimeline(end: end, since: since, sees: sees(entry))
            let (state, _) = describe(entry, timeline, since: since, end: end)
            guard !timeline.events.isEmpty || !state.isEmpty else { return }
            answer.left.append((room.id, .object(entry.json(timeline, state: state, accountData: []))))
        }
    }

    private func sees(_ entry: RoomSync) -> (RoomEvent) -> Bool {
        { event in self.isVisible(event, in: entry.room, to: entry.session.user) }
    }

    /// The state that goes along with `timeline`, and the summary that clients name rooms by.
    private func describe(
        _ entry: RoomSync,
        _ timeline: SyncTimeline,
        since: Int?,
        end: Int
    ) -> (state: [JSONValue], summary: JSONValue) {
        let (room, filter, session) = (entry.room, entry.filter, entry.session)
        let isLazy = filter.loadsMembersLazily
        let members = isLazy ? timeline.strangers(in: room) : nil
        var needed = SyncState(of: room, timeline, since: since, end: end, members: members, user: session.user)
        if isLazy, !filter.state.repeatsMembers {
            let told = toldMembers[session] ?? [:]
            needed.leaveOut { key, index in
                key.type == "m.room.member" && told[room.id + key.key] == room.events[index].id
            }
            tell(needed.state.values.map { $0 } + timeline.state(in: room).values, in: room, to: session)
        }
        var state = needed.state.filter { filter.state.takes(room.events[$0.value]) }
        let hasMembers = timeline.events.contains { room.events[$0].type == "m.room.member" }
        let mayDiffer = timeline.isLimited && state.keys.contains { $0.type == "m.room.member" }
        var summary: JSONValue = [:]
        if isLazy, hasMembers || mayDiffer || since == nil {
            let heroes = entry.heroes
            summary = entry.summary(heroes)
            for hero in heroes ?? [] where state[.member(hero)] == nil && timeline.state(in: room)[.member(hero)] == nil
            {
                guard let index = room.state[.member(hero)] else { continue }
                guard toldMembers[session]?[room.id + hero] != room.events[index].id else { continue }
                tell([index], in: room, to: session)
                state[.member(hero)] = index
            }
        }
        let view = EventView(room, for: session.user, session.device)
        return (state.values.sorted().map { view.synced(room.events[$0], isState: true) }, summary)
    }

    private func tell(_ indices: [Int], in room: MatrixRoom, to session: Session) {
        for event in indices.map({ room.events[$0] }) where event.type == "m.room.member" {
            toldMembers[session, default: [:]][room.id + (event.stateKey ?? "")] = event.id
        }
    }

    private func roomData(of entry: RoomSync) -> [JSONValue] {
        let data = accounts[entry.session.user]?.roomData[entry.room.id] ?? [:]
        return data.sorted { $0.key < $1.key }.filter { type, datum in
            datum.position > entry.since?.rest ?? 0 && entry.filter.roomAccountData.takes(type: type, sender: nil)
        }.map { ["type": .string($0.key), "content": .object($0.value.content)] }
    }

    private func sharesRoom(_ one: String, _ other: String) -> Bool {
        one == other || rooms.values.contains { $0.isJoined(one) && $0.isJoined(other) }
    }
}
