import Basics
import HTTP

/// The simulated Telegram on the page: two people, each in a private chat with the bot, and both in a group.
package struct TelegramPlayground: PlaygroundMessenger {
    private static let group: Int64 = -1_001_234_567_890
    private static let accounts: [(person: PlaygroundPerson, id: Int64)] = [
        (.ann(account: "1001"), 1001), (.ben(account: "1002"), 1002),
    ]

    package let id = "telegram"
    package let title = "Telegram"
    package let commandPrefix = "/"
    package let people = accounts.map(\.person)
    package let chats =
        accounts.map { PlaygroundChat(id: String($0.id), title: "Sample Agent", people: [$0.person.id]) }
        + [PlaygroundChat(id: String(group), title: "Team", isGroup: true, people: accounts.map(\.person.id))]
    private let simulator: TelegramSimulator

    package init() async {
        simulator = TelegramSimulator(
            bot: SimulatedUser(id: 123_456_789, firstName: "Sample Agent", username: "sample_agent_bot", language: nil),
            schema: nil
        )
        for account in Self.accounts {
            await simulator.addDirectChat(
                with: SimulatedUser(id: account.id, firstName: account.person.name, username: account.person.id)
            )
        }
        await simulator.addGroup(Self.group, title: "Team")
    }

    package var botName: String { simulator.bot.firstName }
    package var mention: String { "@\(simulator.bot.username ?? "") " }

    package func serve(while body: @Sendable (PlaygroundSurface) async throws -> Void) async throws {
        try await SimulatorServer(simulator).serve { [token = simulator.token] address in
            try await body(
                PlaygroundSurface(
                    kind: "telegram",
                    options: ["token": ["env": "PLAYGROUND_TELEGRAM_TOKEN"], "apiBaseURL": .string(address)],
                    secrets: ["PLAYGROUND_TELEGRAM_TOKEN": token]
                )
            )
        }
    }

    // MARK: What people see

    package func view(of chat: String) async -> PlaygroundView {
        guard let number = Int64(chat) else { return PlaygroundView() }
        let messages = await simulator.messages(in: number)
        let draft = await simulator.shownDraft(in: number)
        return PlaygroundView(
            messages: messages.map(Self.shown),
            draft: draft.map { .marked($0.text, $0.entities) },
            draftButtons: draft == nil ? [] : [PlaygroundButton(id: "stop", label: "Stop")],
            isTyping: await simulator.isTyping(in: number)
        )
    }

    package func nextChange() async { await simulator.nextChange() }

    package func file(_ id: String) async -> PlaygroundFile? {
        await simulator.storedFile(id).map { PlaygroundFile(name: $0.name, mimeType: $0.mimeType, bytes: $0.bytes) }
    }

    package func commands() async -> [PlaygroundCommand] {
        await simulator.menu.compactMap { command in
            guard let name = command["command"]?.string, let summary = command["description"]?.string else {
                return nil
            }
            return PlaygroundCommand(name: name, summary: summary)
        }
    }

    private static func shown(_ message: SimulatedMessage) -> PlaygroundMessage {
        let sender = message.json["from"]?["id"]?.int64.flatMap { id in accounts.first { $0.id == id } }?.person.id
        var marks = message.json["entities"]?.array ?? message.json["caption_entities"]?.array ?? []
        // Apps find commands in what bots say, too.
        if message.fromBot { marks += commands(in: message.text, beside: marks) }
        return PlaygroundMessage(
            id: String(message.id),
            sender: sender,
            text: .marked(message.text, marks),
            attachments: message.media.map { media in
                [
                    PlaygroundMessage.Attachment(
                        file: media.file,
                        name: media.name,
                        mimeType: media.mimeType,
                        size: media.size
                    )
                ]
            } ?? [],
            replyTo: message.replyTo.map { String($0) },
            isEdited: message.versions.count > 1,
            time: (message.json["date"]?.int64 ?? 0) * 1000
        )
    }

    private static func commands(in text: String, beside marks: [JSONValue]) -> [JSONValue] {
        let units = Array(text.utf16)
        return TelegramSimulator.entities(in: text).filter { found in
            guard found["type"] == "bot_command", let start = found["offset"]?.int64 else { return false }
            let isFirst = start == 0 || [0x20, 0x0A].contains(units[Int(start) - 1])
            return isFirst
                && !marks.contains { mark in
                    let (begin, length) = (mark["offset"]?.int64 ?? 0, mark["length"]?.int64 ?? 0)
                    return (begin..<(begin + length)).contains(start)
                }
        }
    }

    // MARK: What people do

    package func say(_ text: String, in chat: String, by person: String, replyTo: String?) async {
        guard let number = Int64(chat), let user = Self.account(of: person) else { return }
        await simulator.say(text, in: number, by: user, replyTo: replyTo.flatMap { Int64($0) })
    }

    package func send(_ file: PlaygroundFile, caption: String?, in chat: String, by person: String) async {
        guard let number = Int64(chat), let user = Self.account(of: person) else { return }
        let content = (
            kind: Self.kind(of: file.mimeType), name: file.name, mimeType: file.mimeType, bytes: file.bytes,
            caption: caption
        )
        await simulator.send([content], in: number, by: user)
    }

    package func edit(_ message: String, in chat: String, to text: String) async {
        guard let number = Int64(chat), let message = Int64(message) else { return }
        await simulator.change(message, in: number, to: text)
    }

    package func press(_ button: String, in chat: String, by person: String) async {
        guard button == "stop", let number = Int64(chat) else { return }
        _ = await simulator.pressStop(in: number)
    }

    package func set(_ trouble: PlaygroundTrouble, _ on: Bool) async {
        switch trouble {
        case .rateLimited:
            await simulator.change { settings in
                settings.overall = on ? SimulatorSettings.Budget(burst: 0, perSecond: 0.001) : nil
                settings.retryAfter = 5
            }
        case .unreachable:
            await simulator.clearFaults()
            if on { await simulator.add(SimulatorFault(.badGateway, times: .max)) }
        }
    }

    private static func account(of person: String) -> Int64? { accounts.first { $0.person.id == person }?.id }

    /// What apps send a file as.
    private static func kind(of type: String) -> String {
        switch type {
        case "image/png", "image/jpeg", "image/webp": "photo"
        case "audio/ogg": "voice"
        case "audio/mpeg", "audio/mp4": "audio"
        case "video/mp4": "video"
        default: "document"
        }
    }
}
