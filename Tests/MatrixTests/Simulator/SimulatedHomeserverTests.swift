import Basics
import HTTP
import Sandbox
import SurfaceConformance
import SurfaceKit
import Synchronization
import Testing

@testable import Matrix

/// What a real Synapse was seen to do; the scenes of ``AgreementTests`` show the rest.
@Suite("A simulated homeserver", .timeLimit(.minutes(1)))
struct SimulatedHomeserverTests {
    // MARK: Transactions

    @Test func `makes one event of one transaction and device, also after a restart and when it is too often`()
        async throws
    {
        try await SimulatedWorld.run {
            $0.limits = .none
            $0.limits.message = .init(burst: 2, perSecond: 0.001)
        } _: { world in
            let first = try await world.send("once", as: "same")
            #expect(try await world.send("twice", as: "same").event == first.event)
            let device = await world.simulator.addPerson("bot")
            let other = try await world.send("once", as: "same", token: device.token)
            #expect(other.status == 200 && other.event != first.event)

            #expect(try await world.send("more", as: "another").status == 429)
            #expect(try await world.send("once", as: "same").event == first.event)
            try await MatrixSimulatorServer(world.simulator).serve { address in
                let again = Synapse(url: address, secret: "")
                let path = "/_matrix/client/v3/rooms/\(world.room.percentEncoded)/send/m.room.message/same"
                let body: JSONValue = ["msgtype": "m.text", "body": "once"]
                let repeated = try await again.answer("PUT", path, body, token: world.bot.token)
                #expect(repeated.event == first.event)
            }
        }
    }

    // MARK: Limits

    @Test func `says how long to wait`() async throws {
        try await SimulatedWorld.run {
            $0.limits.message = .init(burst: 1, perSecond: 0.01)
            $0.refusalDelay = .zero
        } _: { world in
            #expect(try await world.send("one", as: "1").status == 200)

            let refused = try await world.send("two", as: "2")

            #expect(refused.status == 429)
            #expect(refused.json?["errcode"] == "M_LIMIT_EXCEEDED")
            #expect(refused.json?["error"] == "Too Many Requests")
            let wait = try #require(refused.json?["retry_after_ms"]?.int64)
            #expect((1...100_000).contains(wait))
            #expect(refused.headers["Retry-After"] == String((wait + 999) / 1000))
        }
    }

    @Test func `allows five logins, then one every five minutes`() async throws {
        try await SimulatedWorld.run({ $0.refusalDelay = .zero }) { world in
            let login: JSONValue = [
                "type": "m.login.password", "identifier": ["type": "m.id.user", "user": "bot"],
                "password": .string(world.bot.password), "device_id": "D",
            ]
            for _ in 0..<5 { #expect(try await world.ask("POST", "/login", login).status == 200) }

            let refused = try await world.ask("POST", "/login", login)

            #expect(refused.status == 429)
            #expect((330_000...334_000).contains(try #require(refused.json?["retry_after_ms"]?.int64)))
        }
    }

    // MARK: Media

    @Test func `cuts the connection on what is larger than it says it takes`() async throws {
        try await SimulatedWorld.run {
            $0.limits = .none
            $0.uploadLimit = 1000
        } _: { world in
            let config = try await world.json("GET", "/_matrix/client/v1/media/config")
            #expect(config["m.upload.size"] == 1000)
            let kept = try await world.server.upload(
                [UInt8](repeating: 7, count: 1000),
                name: "fits.bin",
                mimeType: "application/octet-stream",
                token: world.bot.token
            )
            #expect(await world.simulator.bytes(at: kept)?.count == 1000)

            await #expect(throws: HTTPError.self) {
                _ = try await world.server.upload(
                    [UInt8](repeating: 7, count: 1001),
                    name: "large.bin",
                    mimeType: "application/octet-stream",
                    token: world.bot.token
                )
            }
        }
    }

    @Test func `shows files to who has a token only`() async throws {
        try await SimulatedWorld.run(isStrict: false) { world in
            let address = try await world.server.upload(
                [1, 2, 3],
                name: "отчёт.html",
                mimeType: "text/html",
                token: world.bot.token
            )
            let file = address.dropFirst("mxc://".count)

            let seen = try await world.ask("GET", "/_matrix/client/v1/media/download/\(file)")
            #expect(seen.body == [1, 2, 3])
            #expect(seen.headers["Content-Type"]?.hasPrefix("text/html") == true)
            #expect(
                seen.headers["Content-Disposition"] == "attachment; filename*=utf-8''\("отчёт.html".percentEncoded)"
            )
            let path = "/_matrix/client/v1/media/download/\(file)"
            #expect(try await world.server.answer("GET", path, token: nil).json?["errcode"] == "M_MISSING_TOKEN")
            #expect(try await world.ask("GET", "/_matrix/media/v3/download/\(file)").status == 404)
        }
    }

    // MARK: Size

    @Test(arguments: [(64_900, 200), (65_100, 413)])
    func `takes events of 65,536 bytes, with all that it adds`(length: Int, status: Int) async throws {
        try await SimulatedWorld.run { world in
            let reply = try await world.send(String(repeating: "x", count: length), as: "1")

            #expect(reply.status == status)
            if status == 413 { #expect(reply.json?["errcode"] == "M_TOO_LARGE") }
        }
    }

    // MARK: Sessions

    @Test func `ends a session softly, and the surface goes on with its device`() async throws {
        try await SimulatedWorld.run { world in
            let state = MemoryState()
            let surface = world.surface(state: state, password: world.bot.password)
            _ = try await surface.identify()
            let kept = try #require(state.value("session").flatMap { try? JSONValue(parsing: $0.utf8) })
            await world.simulator.expireTokens(of: world.bot.id)
            let refused = try await world.ask("GET", "/account/whoami", token: kept["token"]?.string)
            #expect(refused.json?["soft_logout"] == true)
            #expect(refused.json?["error"] == "Access token has expired")

            _ = try await surface.identify()

            let after = try #require(state.value("session").flatMap { try? JSONValue(parsing: $0.utf8) })
            #expect(after["device"] == kept["device"])
            #expect(after["token"] != kept["token"])
        }
    }

    @Test func `answers a sync that waits when its device is logged out, and the next one is refused`() async throws {
        try await SimulatedWorld.run { world in
            let since = try #require(try await world.json("GET", "/sync?timeout=0")["next_batch"]?.string)
            async let waiting = world.ask("GET", "/sync?timeout=20000&since=\(since)")
            #expect(await world.simulator.wait { $0.isListening(world.bot.id) })
            await world.simulator.revokeTokens(of: world.bot.id)

            let answered = try await waiting
            #expect(answered.status == 200)
            #expect(try await world.ask("GET", "/sync?timeout=0&since=\(since)").status == 401)
        }
    }

    // MARK: Going on

    @Test func `goes on after a restart where clients were`() async throws {
        try await SimulatedWorld.run { world in
            let state = MemoryState()
            let inbox = RecordingInbox(state: state)
            try await inbox.catchUp(with: world.surface(state: state))
            try await world.simulator.say("while it was down", in: world.room, by: world.ann.id)

            try await MatrixSimulatorServer(world.simulator).serve { address in
                let again = SimulatedWorld(
                    simulator: world.simulator,
                    server: Synapse(url: address, secret: ""),
                    bot: world.bot,
                    ann: world.ann,
                    room: world.room
                )
                try await inbox.receive(from: again.surface(state: state)) { await !$0.messages.isEmpty }
            }

            #expect(await inbox.texts == ["while it was down"])
        }
    }

    @Test func `ends a sync that waits when it stops`() async throws {
        let simulator = MatrixSimulator()
        let bot = await simulator.addPerson("bot")
        let poll = try await MatrixSimulatorServer(simulator).serve { address in
            let server = Synapse(url: address, secret: "")
            let first = try await server.call("GET", "/_matrix/client/v3/sync?timeout=0", token: bot.token)
            let since = try #require(first["next_batch"]?.string)
            let poll = Task {
                try await server.answer("GET", "/_matrix/client/v3/sync?timeout=30000&since=\(since)", token: bot.token)
            }
            #expect(await simulator.wait { $0.isListening(bot.id) })
            return poll
        }

        // Or a front end says that nobody is there.
        let answer = try? await poll.value
        #expect(answer == nil || answer?.status == 503)
    }

    @Test func `answers the same sync the same for a while`() async throws {
        try await SimulatedWorld.run { world in
            let first = try await world.json("GET", "/sync?timeout=0")
            try await world.simulator.say("new", in: world.room, by: world.ann.id)

            #expect(try await world.json("GET", "/sync?timeout=0") == first)

            await world.simulator.change { $0.keepsAnswers = .zero }
            let since = try #require(first["next_batch"]?.string)
            #expect(try await world.json("GET", "/sync?timeout=0&since=\(since)")["rooms"] != nil)
        }
    }
}
