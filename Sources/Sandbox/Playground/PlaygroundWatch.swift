import Basics

/// Brings what changes to the board.
struct PlaygroundWatch: Sendable {
    private static let keptRecords = 30
    private static let statusPause = Duration.milliseconds(400)

    let board: PlaygroundBoard

    /// Until cancelled.
    func follow(_ messenger: any PlaygroundMessenger) async {
        while !Task.isCancelled {
            for chat in messenger.chats {
                board.set("chat/\(messenger.id)/\(chat.id)", await messenger.view(of: chat.id).json)
            }
            board.set(
                "commands/\(messenger.id)",
                .array(
                    await messenger.commands().map { ["name": .string($0.name), "summary": .string($0.summary)] }
                )
            )
            await messenger.nextChange()
        }
    }

    /// Until cancelled; keeps the newest records.
    func follow(_ journal: AgentJournal) async {
        var kept: [Int] = []
        for await record in journal.records() {
            board.set("run/\(record.id)", record.json)
            guard !kept.contains(record.id) else { continue }
            kept.append(record.id)
            if kept.count > Self.keptRecords { board.set("run/\(kept.removeFirst())", .null) }
        }
    }

    /// Until cancelled.
    func follow(_ keeper: HostKeeper) async {
        while !Task.isCancelled {
            board.set("host", keeper.json)
            let (status, contexts) = await keeper.look()
            board.set("status", status ?? .null)
            board.set("contexts", .array(contexts))
            await keeper.nextChange(within: Self.statusPause)
        }
    }
}

extension HostKeeper {
    /// The host’s state as it tells it, without what changes all the time.
    func look() async -> (status: JSONValue?, contexts: [JSONValue]) {
        async let contexts = host.contexts()
        var status = await host.status()?.object
        status?["uptimeSeconds"] = nil
        return (status.map { .object($0) }, await contexts)
    }

    func nextChange(within patience: Duration) async { await changed.wait(until: .now + patience) }
}
