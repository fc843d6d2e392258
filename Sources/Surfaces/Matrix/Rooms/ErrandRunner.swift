import Basics
import SurfaceKit

/// Carries out errands about rooms beside the receiving, each as often as it takes.
actor ErrandRunner {
    private let client: MatrixClient
    private let context: SurfaceContext
    private let book: RoomBook
    private var pending: [String: RoomErrand] = [:]
    private var notBefore: [String: ContinuousClock.Instant] = [:]
    /// Messages that came from each room in this run of the program.
    private var heard: [String: Int] = [:]
    private var pace = JoinPace()
    private var feed: AsyncStream<RoomErrand>.Continuation?

    init(client: MatrixClient, context: SurfaceContext, book: RoomBook) {
        self.client = client
        self.context = context
        self.book = book
    }

    /// The errands that have not ended.
    var all: [RoomErrand] { Array(pending.values) }

    /// Takes up what an earlier run left.
    func load() async throws(SurfaceError) {
        for (key, value) in try await context.state.values(withPrefix: RoomErrand.keyPrefix) {
            pending[key] = RoomErrand(key: key, stored: value)
        }
    }

    /// Carries out errands, old and new, until the task is cancelled.
    func run() async {
        let (errands, feed) = AsyncStream.makeStream(of: RoomErrand.self)
        self.feed = feed
        for errand in pending.values { feed.yield(errand) }
        await withDiscardingTaskGroup { group in
            for await errand in errands {
                group.addTask { await self.carryOut(errand) }
            }
            group.cancelAll()
        }
    }

    /// Takes over errands that have just been stored, and drops those that have settled themselves.
    func take(_ errands: [RoomErrand], settled: Set<String>, heardFrom rooms: [String]) {
        pending = pending.filter { !$0.value.isSettled(by: settled) }
        for room in rooms { heard[room, default: 0] += 1 }
        for errand in errands {
            pending[errand.key] = errand
            feed?.yield(errand)
        }
    }

    private func carryOut(_ errand: RoomErrand) async {
        var attempt = 0
        while pending[errand.key] != nil, !Task.isCancelled {
            do throws(MatrixFault) {
                if let instant = notBefore[errand.key] { try await pause(ContinuousClock.now.duration(to: instant)) }
                guard pending[errand.key] != nil else { return }
                return await end(errand, as: try await perform(errand))
            } catch {
                attempt += 1
                switch ErrandVerdict(after: error, of: errand.purpose, attempt: attempt) {
                case .again(let delay): notBefore[errand.key] = .now + delay
                case .giveUp:
                    context.log.info("Errand given up", ["errand": errand.key, "attempts": attempt])
                    return await end(errand, as: .done)
                case .interrupted: return
                }
            }
        }
    }

    private func end(_ errand: RoomErrand, as ending: Ending) async {
        notBefore[errand.key] = nil
        var changes = [errand.ending]
        switch ending {
        case .done: break
        case .next(let next): changes.append(next.beginning)
        case .left:
            // Of its own leaving the bot hears nothing.
            changes.append(StateChange(key: Room.keyPrefix + errand.room, value: nil))
            await book.forget(errand.room)
        }
        do { try await context.state.apply(changes) } catch {
            // It is done, only not noted: it will be done again, which changes nothing.
            context.log.warning("Errand done but not noted", ["errand": errand.key])
        }
        pending[errand.key] = nil
        if case .next(let next) = ending { take([next], settled: [], heardFrom: []) }
    }

    private func pause(_ duration: Duration) async throws(MatrixFault) {
        guard duration > .zero else { return }
        do { try await context.system.sleep(for: duration) } catch { throw .stopped(.cancelled) }
    }
}

// MARK: - One attempt

extension ErrandRunner {
    private enum Ending {
        case done
        case left
        case next(RoomErrand)
    }

    private func perform(_ errand: RoomErrand) async throws(MatrixFault) -> Ending {
        switch errand.purpose {
        case .leave:
            try await client.leave(errand.room)
            return .left
        case .follow(let announcer):
            try await join(errand.room, by: announcer)
            return .done
        case .seeOff(let stranger): return try await seeOff(stranger, in: errand.room)
        case .answerInvitation(let inviter, let isDirect, let isExpected):
            let isWelcome = isExpected ? true : await context.access.admits(PersonID(inviter))
            guard isWelcome || (isDirect && context.access.strangersStay != nil) else {
                context.log.info("Invitation rejected", ["room": errand.room])
                try await client.leave(errand.room)
                return .done
            }
            try await join(errand.room, by: inviter)
            context.log.info("Invitation accepted", ["room": errand.room])
            if isDirect { try await noteDirect(errand.room, with: inviter) }
            if isWelcome { return .done }
            return .next(RoomErrand(.seeOff(stranger: inviter), room: errand.room, occasion: errand.key))
        }
    }

    private func join(_ room: String, by person: String) async throws(MatrixFault) {
        try await pause(pace.reserve(at: .now))
        try await client.join(room, by: Array(Set([person, room].compactMap(\.serverName))))
    }

    /// "Direct messaging": the client that joins notes for itself that the room is a private chat.
    private func noteDirect(_ room: String, with person: String) async throws(MatrixFault) {
        do { try await client.addDirectRoom(room, with: person, of: try await client.user()) } catch {
            if case .stopped = error { throw error }
            // Only people who look at the bot's account miss it: the invitation said the same.
            context.log.warning("Private chat not noted in m.direct", ["room": room])
        }
    }

    /// Waits until a stranger has been silent for as long as strangers stay; by then they have access or the bot goes.
    private func seeOff(_ stranger: String, in room: String) async throws(MatrixFault) -> Ending {
        var count = -1
        while heard[room, default: 0] != count {
            count = heard[room, default: 0]
            try await pause(context.access.strangersStay ?? .zero)
            if await context.access.admits(PersonID(stranger)) { return .done }
        }
        context.log.info("Stranger's chat left", ["room": room])
        try await client.leave(room)
        return .left
    }
}

extension String {
    /// The server of a Matrix identifier, where it names one.
    fileprivate var serverName: String? {
        guard let colon = firstIndex(of: ":") else { return nil }
        let server = self[index(after: colon)...]
        return server.isEmpty ? nil : String(server)
    }
}
