import Basics
import Foundation
import Sandbox
import SurfaceConformance
import SurfaceKit
import Testing

@testable import Max

/// The MAX surface on a simulated service.
struct MaxRig: SurfaceRig {
    static let ann = MaxPerson(id: 212_843_158, firstName: "Анна", lastName: "Ли", username: "ann", locale: "ru")

    let simulator: MaxSimulator
    let address: String
    let state = MemoryState()

    /// Serves a simulator of its own for as long as `body` runs; neither side may say what the schema does not have.
    static func run(
        _ settings: MaxSimulatorSettings = MaxSimulatorSettings(),
        allowsViolations: Bool = false,
        _ body: @Sendable (MaxRig) async throws -> Void
    ) async throws {
        let simulator = MaxSimulator(schema: try schema.get(), settings: settings)
        await simulator.addDialog(with: ann)
        try await SimulatorServer(simulator).serve { address in
            try await body(MaxRig(simulator: simulator, address: address))
        }
        if !allowsViolations { #expect(await simulator.violations == []) }
        #expect(await simulator.mistakes == [])
    }

    static let schema = Result { MaxSchema(try json("Sources/Sandbox/Max/max-api.json")) }

    private static func json(_ path: String) throws -> JSONValue {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try JSONValue(parsing: try Data(contentsOf: root.appending(path: path)))
    }

    var bot: PersonID { PersonID(String(simulator.bot.id)) }
    var person: PersonID { PersonID(String(Self.ann.id)) }
    var chat: Int64 { simulator.dialog(with: Self.ann.id) }
    var conversation: ConversationAddress { ConversationAddress(chat: ChatID(String(chat))) }

    func makeSurface() -> MaxSurface { makeSurface(options: [:]) }

    func makeSurface(
        options: [String: OptionValues.Value] = [:],
        log: Log = .silent,
        clock: any System = OperatingSystem(),
        webhook: WebhookRoute? = nil
    ) -> MaxSurface {
        let values: [String: OptionValues.Value] = [
            "token": .secret(Secret(simulator.token)), "apiBaseURL": .string(address),
        ]
        return MaxSurface(
            options: MaxOptions(OptionValues(values.merging(options) { $1 })),
            context: SurfaceContext(
                id: "max",
                log: log,
                system: clock,
                state: state,
                access: SurfaceAccess(respond: .mention) { _ in true },
                proxy: nil,
                webhook: webhook
            )
        )
    }

    @discardableResult
    func say(_ text: String) async throws -> MessageID {
        MessageID(await simulator.say(text, in: chat, by: Self.ann.id))
    }

    func send(_ file: SampleFile, caption: String?) async throws {
        await simulator.send(
            "file",
            name: file.name,
            mimeType: file.mimeType,
            bytes: file.bytes,
            caption: caption,
            in: chat,
            by: Self.ann.id
        )
    }

    func change(_ message: MessageID, to text: String) async throws {
        await simulator.change(message.rawValue, to: text)
    }

    func withdraw(_ message: MessageID) async throws { await simulator.withdraw(message.rawValue) }

    /// MAX has no threads.
    func sayInThread(_ text: String) async throws -> ConversationAddress? { nil }

    func transcript() async throws -> [ShownMessage] {
        var shown: [ShownMessage] = []
        for message in await simulator.messages(in: chat) where message.sender == simulator.bot.id {
            var file: [UInt8]?
            for case .media(_, let token) in message.attachments { file = await simulator.file(token)?.bytes }
            shown.append(
                ShownMessage(
                    id: MessageID(message.mid),
                    conversation: conversation,
                    text: message.text,
                    file: file,
                    replyTo: message.replyTo.map { MessageID($0) }
                )
            )
        }
        return shown
    }

    func fail(with failure: MessengerFailure) async throws {
        switch failure {
        case .overloaded: await simulator.change { $0.perChat = TokenBudget(burst: 2, perSecond: 0.01) }
        case .badCredentials: await simulator.change { $0.knowsToken = false }
        case .removed: await simulator.closeSilently(chat)
        }
    }
}
