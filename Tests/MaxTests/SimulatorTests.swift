import Basics
import HTTP
import Sandbox
import Testing

/// The simulator must object: what it lets pass proves nothing.
@Suite("The simulated MAX", .timeLimit(.minutes(2)))
struct SimulatorTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let method: String
        let path: String
        let body: String
        let violation: String
        let status: Int

        init(_ method: String, _ path: String, _ body: String = "", _ violation: String, _ status: Int) {
            self.method = method
            self.path = path
            self.body = body
            self.violation = violation
            self.status = status
        }

        var testDescription: String { "\(method) \(path) \(body)" }
    }

    static let mistakes = [
        Mistake("GET", "/me?v=0.0.6", "", "getMyInfo?v: unknown parameter", 200),
        Mistake("GET", "/chats", "", "GET /chats: no such operation", 404),
        Mistake("GET", "/updates?timeout=1500", "", "getUpdates?timeout: more than 90", 400),
        Mistake("GET", "/updates?timeout=x", "", "getUpdates?timeout: must be an integer", 400),
        Mistake("GET", "/updates?timeout=0&limit=0", "", "getUpdates?limit: less than 1", 400),
        Mistake("POST", "/uploads", "", "getUploadUrl?type: missing", 400),
        Mistake(
            "POST",
            "/uploads?type=photo",
            "",
            "getUploadUrl?type: is none of \"image\", \"video\", \"audio\", \"file\"",
            400
        ),
        Mistake("DELETE", "/subscriptions", "", "unsubscribe?url: missing", 400),
        Mistake("PATCH", "/me/commands", "[]", "editMyCommands: must be an object", 400),
        Mistake(
            "PATCH",
            "/me/commands",
            "{\"commands\":[{\"name\":\"\"}]}",
            "editMyCommands.commands[0].name: shorter than 1",
            400
        ),
        Mistake(
            "POST",
            "/subscriptions",
            "{\"url\":\"http://h\",\"secret\":\"a b c d e\"}",
            "subscribe.secret: does not match ^[\\w-]+$",
            400
        ),
        Mistake(
            "POST",
            "/messages?chat_id=CHAT",
            "{\"txt\":\"a\",\"text\":\"a\"}",
            "sendMessage.txt: unknown member",
            200
        ),
        Mistake("POST", "/messages?chat_id=CHAT", "{\"text\":5}", "sendMessage.text: must be a string", 400),
        Mistake(
            "POST",
            "/messages?chat_id=CHAT",
            "{\"text\":\"a\",\"format\":\"rtf\"}",
            "sendMessage.format: is none of \"markdown\", \"html\"",
            400
        ),
        Mistake(
            "POST",
            "/messages?chat_id=CHAT",
            "{\"attachments\":[{\"type\":\"image\"}]}",
            "sendMessage.attachments[0].payload: missing",
            400
        ),
        Mistake(
            "POST",
            "/messages?chat_id=CHAT",
            "{\"attachments\":[{\"type\":\"poll\"}]}",
            "sendMessage.attachments[0].type: is no known kind",
            400
        ),
        Mistake("POST", "/messages?chat_id=CHAT", "{", "sendMessage: is no JSON", 400),
        Mistake("PUT", "/messages", "{\"text\":\"a\"}", "editMessage?message_id: missing", 400),
        Mistake("POST", "/chats/CHAT/actions", "{\"action\":\"dancing\"}", "sendAction.action: is none of", 400),
    ]

    @Test(arguments: mistakes)
    func `objects to what the schema does not have`(mistake: Mistake) async throws {
        try await MaxRig.run(allowsViolations: true) { rig in
            let path = mistake.path.replacing("CHAT", with: String(rig.chat))
            let reply = try await Self.call(rig, mistake.method, path, mistake.body)

            #expect(reply.status == mistake.status)
            #expect(await rig.simulator.violations.contains { $0.hasPrefix(mistake.violation) })
        }
    }

    private static func call(
        _ rig: MaxRig,
        _ method: String,
        _ path: String,
        _ body: String = "",
        authorization: String? = nil
    ) async throws -> HTTPReply {
        let header = HTTPHeader("Authorization", authorization ?? rig.simulator.token)
        let request = HTTPRequest(
            method,
            rig.address + path,
            headers: [header],
            body: body.isEmpty ? .none : .bytes(Array(body.utf8))
        )
        return try await HTTPClient().send(request)
    }

    @Test(arguments: [
        ("Bearer f9LHodD0cOI-token_for_the_simulator", "/me", "Malformed access token"),
        ("wrong", "/me", "Invalid access_token"),
        ("x", "/me?access_token=y", "Query parameter access_token is deprecated, use Authorization header"),
    ])
    func `refuses a token in any other form`(header: String, path: String, message: String) async throws {
        try await MaxRig.run { rig in
            let reply = try await Self.call(rig, "GET", path, authorization: header)

            #expect(reply.status == 401)
            #expect(
                String(decoding: reply.body, as: UTF8.self) == "{\"code\":\"verify.token\",\"message\":\"\(message)\"}"
            )
        }
    }

    @Test(arguments: [
        ("/messages?chat_id=999", "{\"text\":\"x\"}", 404, "Chat 999 not found"),
        ("/messages?user_id=999", "{\"text\":\"x\"}", 404, "Dialog with user 999 not found"),
        ("/messages", "{\"text\":\"x\"}", 400, "Unknown recipient"),
        ("/messages?chat_id=0", "{\"text\":\"x\"}", 403, "Invalid chatId: 0"),
        ("/messages?chat_id=CHAT", "{\"text\":\"<b></b>\",\"format\":\"html\"}", 400, "Message text must not be empty"),
        (
            "/messages?chat_id=CHAT",
            "{\"attachments\":[{\"type\":\"file\",\"payload\":{\"token\":\"a\"}},{\"type\":\"file\",\"payload\":{\"token\":\"b\"}}]}",
            400, "Must be only one file attachment in message"
        ),
        (
            "/messages?chat_id=CHAT", "{\"attachments\":[{\"type\":\"video\",\"payload\":{}}]}", 400,
            "Missing `token` in video attachment"
        ),
        ("/answers?callback_id=cb", "{}", 400, "Invalid request. `message` or `notification` required"),
    ])
    func `refuses in the service's words`(path: String, body: String, status: Int, message: String) async throws {
        try await MaxRig.run { rig in
            let reply = try await Self.call(rig, "POST", path.replacing("CHAT", with: String(rig.chat)), body)

            #expect(reply.status == status)
            #expect(try JSONValue(parsing: reply.body)["message"]?.string == message)
        }
    }

    @Test func `keeps to the limit on writing calls in a chat`() async throws {
        var settings = MaxSimulatorSettings.limited
        #expect(settings.perChat == TokenBudget(burst: 2, perSecond: 2))
        // So slow that no machine is slower.
        settings.perChat = TokenBudget(burst: 2, perSecond: 0.001)
        try await MaxRig.run(settings) { rig in
            var statuses: [Int] = []
            for _ in 0..<4 {
                let path = "/messages?chat_id=\(rig.chat)"
                statuses.append(try await Self.call(rig, "POST", path, "{\"text\":\"x\"}").status)
            }
            #expect(statuses == [200, 200, 429, 429])
        }
    }

    @Test func `hides groups from a bot that is no administrator`() async throws {
        try await MaxRig.run { rig in
            await rig.simulator.addGroup(-5, title: "Team", isAdmin: false)
            await rig.simulator.say("@test_bot hi", in: -5, by: MaxRig.ann.id)
            #expect(await rig.simulator.uncommittedUpdates == 0)
            await rig.simulator.move(false, in: -5, by: MaxRig.ann.id)
            #expect(await rig.simulator.uncommittedUpdates == 1)
        }
    }
}
