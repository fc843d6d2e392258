import Basics
import Sandbox
import SurfaceConformance
import SurfaceKit
import Testing

@testable import Matrix

/// The Matrix surface on a simulated homeserver, with a bot and a person of its own.
struct SimulatedMatrixRig: SurfaceRig {
    let simulator: MatrixSimulator
    let address: String
    let robot: SimulatedPerson
    let human: SimulatedPerson
    let room: String
    let state = MemoryState()

    /// Serves a simulator of its own for as long as `body` runs, which must ask it for nothing that is not specified.
    static func run(
        _ limits: MatrixSimulatorSettings.Limits = .none,
        _ body: @Sendable (SimulatedMatrixRig) async throws -> Void
    ) async throws {
        var settings = MatrixSimulatorSettings()
        settings.limits = limits
        let simulator = MatrixSimulator(settings: settings)
        let robot = await simulator.addPerson("bot")
        let human = await simulator.addPerson("ann")
        let room = try await simulator.createDirectChat(by: human.id, with: robot.id, isTrusted: false)
        try await simulator.join(room, by: robot.id)
        try await MatrixSimulatorServer(simulator).serve { address in
            try await body(
                SimulatedMatrixRig(simulator: simulator, address: address, robot: robot, human: human, room: room)
            )
        }
        #expect(await simulator.violations == [])
    }

    var bot: PersonID { PersonID(robot.id) }
    var person: PersonID { PersonID(human.id) }
    var conversation: ConversationAddress { ConversationAddress(chat: ChatID(room)) }

    func makeSurface() -> MatrixSurface {
        let options: [String: OptionValues.Value] = [
            "homeserver": .string(address), "accessToken": .secret(Secret(robot.token)),
        ]
        return MatrixSurface(options: MatrixOptions(OptionValues(options)), context: .test(state: state))
    }

    func say(_ text: String) async throws -> MessageID {
        MessageID(try await simulator.say(text, in: room, by: human.id))
    }

    func send(_ file: SampleFile, caption: String?) async throws {
        try await simulator.send(
            file.bytes,
            named: file.name,
            mimeType: file.mimeType,
            caption: caption,
            in: room,
            by: human.id
        )
    }

    func change(_ message: MessageID, to text: String) async throws {
        try await simulator.edit(message.rawValue, to: text, in: room, by: human.id)
    }

    func withdraw(_ message: MessageID) async throws {
        try await simulator.redact(message.rawValue, in: room, by: human.id)
    }

    func sayInThread(_ text: String) async throws -> ConversationAddress? {
        let root = try await simulator.say("the root", in: room, by: human.id)
        try await simulator.say(text, in: room, by: human.id, thread: root)
        return ConversationAddress(chat: ChatID(room), thread: ThreadID(root))
    }

    func transcript() async throws -> [ShownMessage] {
        let seen = try #require(await simulator.snapshot(of: room))
        var shown: [ShownMessage] = []
        for message in seen.messages(of: robot.id) {
            var file: [UInt8]?
            if let address = message.file?.address { file = await simulator.bytes(at: address) }
            shown.append(
                ShownMessage(
                    id: MessageID(message.id),
                    conversation: ConversationAddress(
                        chat: ChatID(room),
                        thread: message.thread.map { ThreadID($0) }
                    ),
                    text: message.html.map(MatrixRig.characters) ?? message.text,
                    file: file,
                    replyTo: message.replyTo.map { MessageID($0) }
                )
            )
        }
        return shown
    }

    func fail(with failure: MessengerFailure) async throws {
        switch failure {
        case .overloaded: await simulator.change { $0.limits.message = .init(burst: 1, perSecond: 1) }
        case .badCredentials: await simulator.revokeTokens(of: robot.id)
        case .removed: try await simulator.kick(robot.id, from: room, by: human.id)
        }
    }
}
