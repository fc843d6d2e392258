import Basics
import Sandbox
import Testing

@Suite("What a simulated homeserver objects to", .timeLimit(.minutes(1)))
struct SimulatedStrictnessTests {
    /// What is noted of one request of the bot; `ROOM` stands for the room.
    private func violations(_ deed: String, _ body: JSONValue? = nil, token: String? = nil) async throws -> [String] {
        let found = Found()
        try await SimulatedWorld.run(isStrict: false) { world in
            let filled = deed.replacing("ROOM", with: world.room.percentEncoded)
                .replacing("BOT", with: world.bot.id.percentEncoded)
            let parts = filled.split(separator: " ", maxSplits: 1).map(String.init)
            _ = try await world.ask(parts[0], parts[1], body, token: token)
            await found.note(world.simulator.violations)
        }
        return await found.violations
    }

    private actor Found {
        private(set) var violations: [String] = []

        func note(_ violations: [String]) { self.violations = violations }
    }

    @Test(arguments: [
        ("GET /nowhere", "GET /_matrix/client/v3/nowhere: unknown path"),
        ("DELETE /account/whoami", "DELETE /_matrix/client/v3/account/whoami: unknown path"),
        ("GET /sync?since=s1&wait=5", "sync?wait: unknown parameter"),
        ("GET /sync?timeout=soon", "sync?timeout: must be an integer"),
        ("GET /sync?set_presence=away", #"sync?set_presence: must be one of ["offline", "online", "unavailable"]"#),
        ("GET /rooms/ROOM/messages?limit=5", "messages?dir: missing"),
        ("GET /rooms/ROOM/event/nothing", "event: event must be an identifier with $"),
        ("GET /rooms/lobby/messages?dir=b", "messages: room must be an identifier with !"),
        ("GET /profile/bot/displayname", "displayName: user must be an identifier with @"),
    ])
    func `is noted of requests`(deed: String, violation: String) async throws {
        #expect(try await violations(deed) == [violation])
    }

    @Test(
        arguments: [
            (["msgtype": "m.text"], "m.room.message.body: missing"),
            (["msgtype": "m.text", "body": 7], "m.room.message.body: must be a string"),
            (["msgtype": "m.text", "body": "", "subject": ""], "m.room.message.subject: unknown"),
            (
                ["msgtype": "m.text", "body": "", "formatted_body": "<b>"],
                "m.room.message: format and formatted_body go together"
            ),
            (
                ["msgtype": "m.text", "body": "", "m.new_content": ["msgtype": "m.text", "body": ""]],
                "m.room.message: m.replace and m.new_content go together"
            ),
            (
                ["msgtype": "m.text", "body": "", "m.relates_to": ["rel_type": "m.thread"]],
                "m.room.message: rel_type and event_id go together"
            ),
            (
                ["msgtype": "m.text", "body": "", "m.mentions": ["user_ids": ["ann"]]],
                "m.room.message.m.mentions.user_ids[0]: must be an identifier with @"
            ),
            (["msgtype": "m.file", "body": "a.txt"], "m.room.message: a file needs an address"),
            (
                ["msgtype": "m.file", "body": "a.txt", "url": "https://a.b/c"],
                "m.room.message.url: must be an identifier with mxc://"
            ),
        ] as [(JSONValue, String)]
    )
    func `is noted of messages`(content: JSONValue, violation: String) async throws {
        #expect(try await violations("PUT /rooms/ROOM/send/m.room.message/1", content) == [violation])
    }

    @Test func `are filters, bodies and headers, too`() async throws {
        let filter = #"{"room":{"timeline":{"limit":"ten","unread":true}}}"#
        #expect(
            try await violations("GET /sync?filter=\(filter.percentEncoded)") == [
                "sync?filter.room.timeline.limit: must be an integer", "sync?filter.room.timeline.unread: unknown",
            ]
        )
        #expect(try await violations("PUT /rooms/ROOM/typing/BOT", ["typing": true]) == ["typing.timeout: missing"])
        #expect(try await violations("GET /account/whoami", [:]) == ["whoAmI: has no body"])
        #expect(
            try await violations("PUT /user/BOT/account_data/m.direct", ["@ann:localhost": "!a"])
                == ["m.direct.@ann:localhost: must be an array"]
        )
    }

    @Test func `are not things of one's own`() async throws {
        let content: JSONValue = ["msgtype": "m.text", "body": "", "org.example.mood": "good"]

        #expect(try await violations("PUT /rooms/ROOM/send/m.room.message/1", content) == [])
        // A token that has ended is no mistake of who uses it.
        #expect(try await violations("GET /account/whoami", token: "syt_gone") == [])
    }

    @Test func `is a request without a token`() async throws {
        try await SimulatedWorld.run(isStrict: false) { world in
            _ = try await world.server.answer("GET", "/_matrix/client/v3/account/whoami", token: nil)

            #expect(await world.simulator.violations == ["whoAmI: no Authorization"])
        }
    }
}
