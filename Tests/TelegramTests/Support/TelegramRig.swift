import Basics
import Foundation
import Sandbox
import SurfaceConformance
import SurfaceKit
import Testing

@testable import Telegram

/// The Telegram surface on a simulated server.
struct TelegramRig: SurfaceRig {
    static let ann = SimulatedUser(id: 7, firstName: "Ann", username: "ann")

    let simulator: TelegramSimulator
    let address: String
    let state = MemoryState()
    private let topics: Bool

    /// Serves a simulator of its own for as long as `body` runs, which must ask it for nothing that is not documented.
    static func run(
        _ settings: SimulatorSettings = SimulatorSettings(),
        _ body: @Sendable (TelegramRig) async throws -> Void
    ) async throws {
        let simulator = TelegramSimulator(schema: try schema.get(), settings: settings)
        await simulator.addDirectChat(with: ann)
        try await SimulatorServer(simulator).serve { address in
            try await body(TelegramRig(simulator: simulator, address: address, topics: settings.hasTopics))
        }
        #expect(await simulator.violations == [])
    }

    private init(simulator: TelegramSimulator, address: String, topics: Bool) {
        self.simulator = simulator
        self.address = address
        self.topics = topics
    }

    static let schema = Result {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let path = root.appending(path: "Sources/Sandbox/Telegram/bot-api.json")
        return BotAPISchema(try JSONValue(parsing: try Data(contentsOf: path)))
    }

    var bot: PersonID { PersonID(String(simulator.bot.id)) }
    var person: PersonID { PersonID(String(Self.ann.id)) }
    var conversation: ConversationAddress { ConversationAddress(chat: ChatID(String(Self.ann.id))) }

    func makeSurface() -> TelegramSurface { makeSurface(options: [:]) }

    func makeSurface(
        options: [String: OptionValues.Value],
        webhook: WebhookRoute? = nil,
        log: Log = .silent
    ) -> TelegramSurface {
        let values: [String: OptionValues.Value] = [
            "token": .secret(Secret(simulator.token)), "apiBaseURL": .string(address),
        ]
        return TelegramSurface(
            options: TelegramOptions(OptionValues(values.merging(options) { $1 })),
            context: SurfaceContext(
                id: "telegram",
                log: log,
                system: OperatingSystem(),
                state: state,
                access: SurfaceAccess(respond: .mention) { _ in true },
                proxy: nil,
                webhook: webhook
            )
        )
    }

    func say(_ text: String) async throws -> MessageID {
        MessageID(String(await simulator.say(text, in: Self.ann.id, by: Self.ann.id)))
    }

    func send(_ file: SampleFile, caption: String?) async throws {
        let content = (kind: "document", name: file.name, mimeType: file.mimeType, bytes: file.bytes, caption: caption)
        await simulator.send([content], in: Self.ann.id, by: Self.ann.id)
    }

    func change(_ message: MessageID, to text: String) async throws {
        await simulator.change(try #require(Int64(message.rawValue)), in: Self.ann.id, to: text)
    }

    var lacks: [SurfaceClause: String] { [.reportsWithdrawals: "bots are not told of it"] }

    func withdraw(_ message: MessageID) async throws {}

    func sayInThread(_ text: String) async throws -> ConversationAddress? {
        guard topics else { return nil }
        let thread = await simulator.addTopic("Plans", in: Self.ann.id)
        await simulator.say(text, in: Self.ann.id, by: Self.ann.id, thread: thread)
        return ConversationAddress(chat: conversation.chat, thread: ThreadID(String(thread)))
    }

    func transcript() async throws -> [ShownMessage] {
        var shown: [ShownMessage] = []
        for message in await simulator.messages(in: Self.ann.id) where message.fromBot {
            var file: [UInt8]?
            if let media = message.media { file = await simulator.bytes(of: media.file) }
            shown.append(
                ShownMessage(
                    id: MessageID(String(message.id)),
                    conversation: ConversationAddress(
                        chat: conversation.chat,
                        thread: message.thread.map { ThreadID(String($0)) }
                    ),
                    text: message.text,
                    file: file,
                    replyTo: message.replyTo.map { MessageID(String($0)) }
                )
            )
        }
        return shown
    }

    func fail(with failure: MessengerFailure) async throws {
        switch failure {
        case .overloaded: await simulator.change { $0.perChat = .init(burst: 3, perSecond: 0.01) }
        case .badCredentials: await simulator.change { $0.knowsToken = false }
        case .removed: await simulator.closeSilently(Self.ann.id)
        }
    }
}
