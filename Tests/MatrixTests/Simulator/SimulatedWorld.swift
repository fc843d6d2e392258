import Basics
import Foundation
import HTTP
import Sandbox
import SurfaceConformance
import SurfaceKit
import Testing

@testable import Matrix

/// A simulated homeserver with a bot and a person in a direct chat, asked by hand.
struct SimulatedWorld: Sendable {
    let simulator: MatrixSimulator
    let server: Synapse
    let bot: SimulatedPerson
    let ann: SimulatedPerson
    let room: String

    /// - Parameter isStrict: Whether everything that is asked must be as specified.
    static func run(
        isStrict: Bool = true,
        _ adjust: @Sendable (inout MatrixSimulatorSettings) -> Void = { $0.limits = .none },
        _ body: @Sendable (SimulatedWorld) async throws -> Void
    ) async throws {
        var settings = MatrixSimulatorSettings()
        adjust(&settings)
        let simulator = MatrixSimulator(settings: settings)
        let bot = await simulator.addPerson("bot", displayName: "The Bot")
        let ann = await simulator.addPerson("ann")
        let room = try await simulator.createDirectChat(by: ann.id, with: bot.id, isTrusted: false)
        try await simulator.join(room, by: bot.id)
        try await MatrixSimulatorServer(simulator).serve { [settings] address in
            let server = Synapse(url: address, secret: settings.registrationSecret)
            try await body(SimulatedWorld(simulator: simulator, server: server, bot: bot, ann: ann, room: room))
        }
        if isStrict { #expect(await simulator.violations == []) }
    }

    /// A request of the bot below the client API.
    func ask(_ method: String, _ path: String, _ body: JSONValue? = nil, token: String? = nil) async throws -> HTTPReply
    {
        let path = path.hasPrefix("/_") ? path : "/_matrix/client/v3" + path
        return try await server.answer(method, path, body, token: token ?? bot.token)
    }

    func json(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
        let reply = try await ask(method, path, body)
        #expect(reply.status == 200)
        return try JSONValue(parsing: reply.body)
    }

    /// The bot writes, in a transaction of this name.
    func send(_ text: String, as transaction: String, token: String? = nil) async throws -> HTTPReply {
        let path = "/rooms/\(room.percentEncoded)/send/m.room.message/\(transaction)"
        return try await ask("PUT", path, ["msgtype": "m.text", "body": .string(text)], token: token)
    }

    func surface(state: MemoryState = MemoryState(), password: String? = nil) -> MatrixSurface {
        var values: [String: OptionValues.Value] = ["homeserver": .string(server.url)]
        if let password {
            values["user"] = .string(bot.name)
            values["password"] = .secret(Secret(password))
        } else {
            values["accessToken"] = .secret(Secret(bot.token))
        }
        return MatrixSurface(options: MatrixOptions(OptionValues(values)), context: .test(state: state))
    }
}

extension HTTPReply {
    var json: JSONValue? { try? JSONValue(parsing: body) }
    var event: String? { json?["event_id"]?.string }
}
