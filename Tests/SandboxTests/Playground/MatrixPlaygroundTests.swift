import Basics
import HTTP
import Testing

@testable import Sandbox

@Suite("Matrix in the playground")
struct MatrixPlaygroundTests {
    /// Calls the client API as the bot does.
    static func call(
        _ surface: PlaygroundSurface,
        _ method: String,
        _ path: String,
        _ body: JSONValue = [:]
    ) async throws -> Int {
        let address = try #require(surface.options["homeserver"]?.string)
        let token = try #require(surface.secrets.values.first)
        let request = HTTPRequest(
            method,
            "\(address)/_matrix/client/v3/\(path)",
            headers: [
                HTTPHeader("Content-Type", "application/json"), HTTPHeader("Authorization", "Bearer \(token)"),
            ],
            body: .bytes(body.encoded)
        )
        return try await HTTPClient().send(request).status
    }

    /// The bot joins Ann’s direct chat.
    static func join(_ chat: PlaygroundChat, _ surface: PlaygroundSurface) async throws -> String {
        #expect(try await call(surface, "POST", "join/\(chat.id.percentEncoded)") == 200)
        return "rooms/\(chat.id.percentEncoded)"
    }

    static func direct(_ matrix: MatrixPlayground, of person: String = "ann") throws -> PlaygroundChat {
        try #require(matrix.chats.first { $0.people == [person] })
    }

    @Test func `gives each person a chat with the bot, and both a group`() async throws {
        let matrix = try await MatrixPlayground()

        #expect(matrix.chats.map(\.people) == [["ann"], ["ben"], ["ann", "ben"]])
        #expect(matrix.chats.map(\.isGroup) == [false, false, true])
        #expect(matrix.people.map(\.account) == ["@ann:localhost", "@ben:localhost"])
    }

    @Test func `names in the manifest the variable that holds the token`() async throws {
        try await MatrixPlayground().serve { surface in
            let status = try await Self.call(surface, "GET", "account/whoami")

            #expect(surface.kind == "matrix")
            #expect(surface.options["accessToken"]?["env"]?.string == surface.secrets.keys.first)
            #expect(status == 200)
        }
    }

    @Test func `shows what people and the bot write, and that it types`() async throws {
        let matrix = try await MatrixPlayground()
        let chat = try Self.direct(matrix)
        await matrix.say("hello", in: chat.id, by: "ann", replyTo: nil)
        try await matrix.serve { surface in
            let room = try await Self.join(chat, surface)
            let typing: JSONValue = ["typing": true, "timeout": 30_000]
            #expect(try await Self.call(surface, "PUT", "\(room)/typing/%40agent%3Alocalhost", typing) == 200)
            #expect(await matrix.view(of: chat.id).isTyping)
            let message: JSONValue = [
                "msgtype": "m.text", "body": "**Hi**", "format": "org.matrix.custom.html",
                "formatted_body": "<strong>Hi</strong>",
            ]
            #expect(try await Self.call(surface, "PUT", "\(room)/send/m.room.message/t1", message) == 200)
        }

        let messages = await matrix.view(of: chat.id).messages
        #expect(messages.map(\.sender) == ["ann", nil])
        #expect(messages.map(\.text) == [.marked("hello", []), .html("<strong>Hi</strong>")])
        let other = try Self.direct(matrix, of: "ben")
        #expect(await matrix.view(of: other.id).messages == [])
        #expect(await matrix.view(of: "nowhere") == PlaygroundView())
    }

    @Test func `keeps files under a name that fits into an address`() async throws {
        let matrix = try await MatrixPlayground()
        let chat = try Self.direct(matrix)
        let file = PlaygroundFile(name: "a b.txt", mimeType: "text/plain", bytes: [1, 2])
        await matrix.send(file, caption: nil, in: chat.id, by: "ann")

        let message = try #require(await matrix.view(of: chat.id).messages.first)
        let attachment = try #require(message.attachments.first)
        #expect(message.text == .marked("", []))
        #expect((attachment.name, attachment.size) == ("a b.txt", 2))
        #expect(!attachment.file.contains("/"))
        #expect(await matrix.file(attachment.file) == file)
    }

    @Test func `a person can change what they wrote, and nobody what the bot wrote`() async throws {
        let matrix = try await MatrixPlayground()
        let chat = try Self.direct(matrix)
        await matrix.say("helo", in: chat.id, by: "ann", replyTo: nil)
        let message = try #require(await matrix.view(of: chat.id).messages.first)

        await matrix.edit(message.id, in: chat.id, to: "hello")
        await matrix.edit("$absent", in: chat.id, to: "nothing")

        let shown = await matrix.view(of: chat.id).messages
        #expect(shown.map(\.text) == [.marked("hello", [])])
        #expect(shown.first?.isEdited == true)
    }

    @Test(arguments: [(PlaygroundTrouble.rateLimited, 429), (.unreachable, 502)])
    func `can be broken and mended`(trouble: PlaygroundTrouble, status: Int) async throws {
        let matrix = try await MatrixPlayground()
        let chat = try Self.direct(matrix)
        try await matrix.serve { surface in
            let room = try await Self.join(chat, surface)
            let message: JSONValue = ["msgtype": "m.text", "body": "x"]
            await matrix.set(trouble, true)
            let broken = try await Self.call(surface, "PUT", "\(room)/send/m.room.message/t1", message)
            await matrix.set(trouble, false)
            let mended = try await Self.call(surface, "PUT", "\(room)/send/m.room.message/t2", message)

            #expect(broken == status)
            #expect(mended == 200)
        }
    }
}
