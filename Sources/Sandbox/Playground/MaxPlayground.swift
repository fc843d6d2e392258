import Basics
import HTTP
import Synchronization

/// The simulated MAX on the page: two people, each in a dialog with the bot, and both in a group where it may read.
package struct MaxPlayground: PlaygroundMessenger {
    private final class Broken: Sendable {
        let troubles = Mutex<Set<PlaygroundTrouble>>([])
    }

    private static let group: Int64 = -70_000_000_000_001

    package let id = "max"
    package let title = "MAX"
    package let commandPrefix = "/"
    package let people: [PlaygroundPerson] = [.ann(account: "2001"), .ben(account: "2002")]
    package let chats: [PlaygroundChat]
    private let simulator: MaxSimulator
    private let broken = Broken()

    package init() async {
        let bot = MaxPerson(id: 277_639_678, firstName: "Sample Agent", username: "sample_agent_bot", isBot: true)
        simulator = MaxSimulator(bot: bot, schema: EmbeddedSchema.max)
        var chats: [PlaygroundChat] = []
        for person in people {
            guard let account = Int64(person.account) else { continue }
            let dialog = await simulator.addDialog(
                with: MaxPerson(id: account, firstName: person.name, username: person.id, locale: "en")
            )
            chats.append(PlaygroundChat(id: String(dialog), title: bot.firstName, people: [person.id]))
        }
        await simulator.addGroup(Self.group, title: "Team")
        chats.append(
            PlaygroundChat(id: String(Self.group), title: "Team", isGroup: true, people: people.map(\.id))
        )
        self.chats = chats
    }

    package var botName: String { simulator.bot.firstName }
    package var mention: String { "@\(simulator.bot.username ?? "") " }

    package func serve(while body: @Sendable (PlaygroundSurface) async throws -> Void) async throws {
        try await SimulatorServer(simulator).serve { [token = simulator.token] address in
            try await body(
                PlaygroundSurface(
                    kind: "max",
                    options: ["token": ["env": "PLAYGROUND_MAX_TOKEN"], "apiBaseURL": .string(address)],
                    secrets: ["PLAYGROUND_MAX_TOKEN": token]
                )
            )
        }
    }

    // MARK: What people see

    package func view(of chat: String) async -> PlaygroundView {
        guard let number = Int64(chat) else { return PlaygroundView() }
        var shown: [PlaygroundMessage] = []
        for message in await simulator.messages(in: number) { shown.append(await self.shown(message)) }
        return PlaygroundView(messages: shown, isTyping: await simulator.isTyping(in: number))
    }

    package func nextChange() async { await simulator.nextChange() }

    package func file(_ id: String) async -> PlaygroundFile? {
        await simulator.file(id).map { PlaygroundFile(name: $0.name, mimeType: $0.mimeType, bytes: $0.bytes) }
    }

    package func commands() async -> [PlaygroundCommand] {
        await simulator.menuEntries.compactMap { command in
            guard let name = command["name"]?.string else { return nil }
            return PlaygroundCommand(name: name, summary: command["description"]?.string ?? "")
        }
    }

    private func shown(_ message: MaxMessage) async -> PlaygroundMessage {
        var attachments: [PlaygroundMessage.Attachment] = []
        for case .media(_, let token) in message.attachments {
            guard let file = await simulator.file(token) else { continue }
            attachments.append(
                PlaygroundMessage.Attachment(
                    file: token,
                    name: file.name,
                    mimeType: file.mimeType,
                    size: file.bytes.count
                )
            )
        }
        return PlaygroundMessage(
            id: message.mid,
            sender: people.first { $0.account == String(message.sender) }?.id,
            text: .marked(message.text, message.markup.map { Self.mark($0, in: message.text) }),
            attachments: attachments,
            replyTo: message.replyTo,
            isEdited: message.versions.count > 1,
            time: message.seq >> 16
        )
    }

    /// A mark in the words of the page.
    private static func mark(_ mark: JSONValue, in text: String) -> JSONValue {
        var shown = JSONObject()
        let (start, length) = (mark["from"]?.int64 ?? 0, mark["length"]?.int64 ?? 0)
        let type = mark["type"]?.string ?? ""
        switch type {
        case "strong": shown["type"] = "bold"
        case "emphasized": shown["type"] = "italic"
        case "link": shown["type"] = "text_link"
        case "user_mention": shown["type"] = "mention"
        case "monospaced":
            let inside = text.utf16.dropFirst(Int(start)).prefix(Int(length))
            shown["type"] = inside.contains(0x0A) ? "pre" : "code"
        default: shown["type"] = .string(type)
        }
        shown["offset"] = JSONValue(start)
        shown["length"] = JSONValue(length)
        shown["url"] = mark["url"]
        return .object(shown)
    }

    // MARK: What people do

    package func say(_ text: String, in chat: String, by person: String, replyTo: String?) async {
        guard let number = Int64(chat), let account = account(of: person) else { return }
        await simulator.say(text, in: number, by: account, replyTo: replyTo)
    }

    package func send(_ file: PlaygroundFile, caption: String?, in chat: String, by person: String) async {
        guard let number = Int64(chat), let account = account(of: person) else { return }
        await simulator.send(
            Self.kind(of: file.mimeType),
            name: file.name,
            mimeType: file.mimeType,
            bytes: file.bytes,
            caption: caption,
            in: number,
            by: account
        )
    }

    package func edit(_ message: String, in chat: String, to text: String) async {
        await simulator.change(message, to: text)
    }

    package func press(_ button: String, in chat: String, by person: String) async {}

    package func set(_ trouble: PlaygroundTrouble, _ on: Bool) async {
        let troubles = broken.troubles.withLock { troubles in
            if on { troubles.insert(trouble) } else { troubles.remove(trouble) }
            return troubles
        }
        await simulator.clearFaults()
        if troubles.contains(.unreachable) { await simulator.add(SimulatorFault(.badGateway, times: .max)) }
        guard troubles.contains(.rateLimited) else { return }
        for method in ["sendMessage", "editMessage"] {
            await simulator.add(SimulatorFault(.tooManyRequests(retryAfter: 5), method: method, times: .max))
        }
    }

    private func account(of person: String) -> Int64? {
        people.first { $0.id == person }.flatMap { Int64($0.account) }
    }

    /// What apps send a file as.
    private static func kind(of type: String) -> String {
        switch type.prefix(while: { $0 != "/" }) {
        case "image": "image"
        case "video": "video"
        case "audio": "audio"
        default: "file"
        }
    }
}

extension MaxSimulator {
    /// The bot’s commands, as it set them.
    fileprivate var menuEntries: [JSONValue] { commands.array ?? [] }

    /// Whether the bot has shown lately that it writes.
    fileprivate func isTyping(in chat: Int64) -> Bool { chats[chat]?.typing.map { $0 > .now } ?? false }

    /// Returns at the next change, at the latest after half a second: typing ends by itself.
    nonisolated fileprivate func nextChange() async { await changed.wait(until: .now + .milliseconds(500)) }
}
