import Basics
import HTTP
import Synchronization

/// The simulated homeserver on the page: two people, each with a direct chat that the bot is invited to, and a room for
/// all.
package struct MatrixPlayground: PlaygroundMessenger {
    private final class Broken: Sendable {
        let troubles = Mutex<Set<PlaygroundTrouble>>([])
    }

    package let id = "matrix"
    package let title = "Matrix"
    package let botName = "Sample Agent"
    package let mention = "Sample Agent: "
    package let commandPrefix = "!"
    package let people: [PlaygroundPerson]
    package let chats: [PlaygroundChat]
    private let simulator: MatrixSimulator
    private let bot: SimulatedPerson
    private let broken = Broken()

    package init() async throws {
        var settings = MatrixSimulatorSettings()
        // As an administrator lifts them for a bot: its answers then grow smoothly.
        settings.limits = .none
        simulator = MatrixSimulator(settings: settings)
        bot = await simulator.addPerson("agent", displayName: botName)
        let ann = await simulator.addPerson("ann", displayName: "Ann")
        let ben = await simulator.addPerson("ben", displayName: "Ben")
        people = [.ann(account: ann.id), .ben(account: ben.id)]
        let team = try await simulator.createGroup("Team", by: ann.id, inviting: [ben.id, bot.id])
        try await simulator.join(team, by: ben.id)
        chats = [
            PlaygroundChat(
                id: try await simulator.createDirectChat(by: ann.id, with: bot.id),
                title: botName,
                people: ["ann"]
            ),
            PlaygroundChat(
                id: try await simulator.createDirectChat(by: ben.id, with: bot.id),
                title: botName,
                people: ["ben"]
            ), PlaygroundChat(id: team, title: "Team", isGroup: true, people: ["ann", "ben"]),
        ]
    }

    package func serve(while body: @Sendable (PlaygroundSurface) async throws -> Void) async throws {
        try await MatrixSimulatorServer(simulator).serve { [token = bot.token] address in
            try await body(
                PlaygroundSurface(
                    kind: "matrix",
                    options: ["homeserver": .string(address), "accessToken": ["env": "PLAYGROUND_MATRIX_TOKEN"]],
                    secrets: ["PLAYGROUND_MATRIX_TOKEN": token]
                )
            )
        }
    }

    // MARK: What people see

    package func view(of chat: String) async -> PlaygroundView {
        guard let room = await simulator.snapshot(of: chat) else { return PlaygroundView() }
        return PlaygroundView(messages: room.messages.map(shown), isTyping: room.typing.contains(bot.id))
    }

    package func nextChange() async { await simulator.nextChange() }

    package func file(_ id: String) async -> PlaygroundFile? {
        await simulator.storedFile(id).map {
            PlaygroundFile(name: $0.name ?? id, mimeType: $0.mimeType, bytes: $0.bytes)
        }
    }

    package func commands() async -> [PlaygroundCommand] { [] }

    private func shown(_ message: RoomSnapshot.Message) -> PlaygroundMessage {
        // A file without a caption has its name as text.
        let text = message.file.map { $0.name == message.text } == true ? "" : message.text
        return PlaygroundMessage(
            id: message.id,
            sender: person(of: message.sender)?.id,
            text: message.html.map { .html($0) } ?? .marked(text, []),
            attachments: message.file.map { file in
                [
                    PlaygroundMessage.Attachment(
                        file: file.address.split(separator: "/").last.map(String.init) ?? "",
                        name: file.name,
                        mimeType: file.mimeType,
                        size: file.size
                    )
                ]
            } ?? [],
            replyTo: message.replyTo,
            isEdited: message.versions.count > 1,
            time: message.timestamp
        )
    }

    private func person(of account: String) -> PlaygroundPerson? { people.first { $0.account == account } }

    private func account(of person: String) -> String? { people.first { $0.id == person }?.account }

    // MARK: What people do

    package func say(_ text: String, in chat: String, by person: String, replyTo: String?) async {
        guard let account = account(of: person) else { return }
        let mentions = text.contains(botName) ? [bot.id] : []
        _ = try? await simulator.say(text, in: chat, by: account, replyTo: replyTo, mentions: mentions)
    }

    package func send(_ file: PlaygroundFile, caption: String?, in chat: String, by person: String) async {
        guard let account = account(of: person) else { return }
        _ = try? await simulator.send(
            file.bytes,
            named: file.name,
            mimeType: file.mimeType,
            kind: Self.kind(of: file.mimeType),
            caption: caption,
            in: chat,
            by: account
        )
    }

    package func edit(_ message: String, in chat: String, to text: String) async {
        guard let room = await simulator.snapshot(of: chat),
            let author = room.messages.first(where: { $0.id == message })?.sender, author != bot.id
        else { return }
        _ = try? await simulator.edit(message, to: text, in: chat, by: author)
    }

    package func press(_ button: String, in chat: String, by person: String) async {}

    package func set(_ trouble: PlaygroundTrouble, _ on: Bool) async {
        let troubles = broken.troubles.withLock { troubles in
            if on { troubles.insert(trouble) } else { troubles.remove(trouble) }
            return troubles
        }
        await simulator.clearFaults()
        if troubles.contains(.unreachable) { await simulator.add(SimulatorFault(.badGateway, times: .max)) }
        if troubles.contains(.rateLimited) {
            await simulator.add(SimulatorFault(.tooManyRequests(retryAfter: 5), method: "send", times: .max))
        }
    }

    /// What clients send a file as.
    private static func kind(of type: String) -> String {
        let family = type.prefix { $0 != "/" }
        return ["image", "audio", "video"].contains(family) ? "m.\(family)" : "m.file"
    }
}

extension MatrixSimulator {
    fileprivate func storedFile(_ id: String) -> StoredFile? { files[id] }

    /// Returns at the next change, at the latest after half a second: typing ends by itself.
    nonisolated fileprivate func nextChange() async { await changed.wait(until: .now + .milliseconds(500)) }
}
