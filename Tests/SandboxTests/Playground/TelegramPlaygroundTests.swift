import Basics
import HTTP
import Testing

@testable import Sandbox

@Suite("Telegram in the playground")
struct TelegramPlaygroundTests {
    /// Ann’s private chat.
    static let chat = "1001"

    /// Calls the Bot API as the bot does.
    static func call(_ surface: PlaygroundSurface, _ method: String, _ parameters: JSONValue) async throws -> Int {
        let address = try #require(surface.options["apiBaseURL"]?.string)
        let token = try #require(surface.secrets.values.first)
        let request = HTTPRequest(
            "POST",
            "\(address)/bot\(token)/\(method)",
            headers: [HTTPHeader("Content-Type", "application/json")],
            body: .bytes(parameters.encoded)
        )
        return try await HTTPClient().send(request).status
    }

    @Test func `names in the manifest the variable that holds the token`() async throws {
        try await TelegramPlayground().serve { surface in
            #expect(surface.kind == "telegram")
            #expect(surface.secrets.count == 1)
            #expect(surface.options["token"]?["env"]?.string == surface.secrets.keys.first)
        }
    }

    @Test func `shows what people and the bot write`() async throws {
        let telegram = await TelegramPlayground()
        await telegram.say("hello", in: Self.chat, by: "ann", replyTo: nil)
        try await telegram.serve { surface in
            let status = try await Self.call(
                surface,
                "sendMessage",
                [
                    "chat_id": 1001, "text": "<b>Hi</b> there", "parse_mode": "HTML",
                    "reply_parameters": ["message_id": 1],
                ]
            )
            #expect(status == 200)
        }

        let messages = await telegram.view(of: Self.chat).messages
        #expect(messages.map(\.sender) == ["ann", nil])
        #expect(messages.first?.text == .marked("hello", []))
        #expect(messages.last?.text == .marked("Hi there", [["type": "bold", "offset": 0, "length": 2]]))
        #expect(messages.last?.replyTo == "1")
        #expect(await telegram.view(of: "1002").messages == [])
        #expect(await telegram.view(of: "nowhere") == PlaygroundView())
    }

    @Test func `shows typing, then the draft with its button, then the message`() async throws {
        let telegram = await TelegramPlayground()
        try await telegram.serve { surface in
            _ = try await Self.call(surface, "sendChatAction", ["chat_id": 1001, "action": "typing"])
            let typing = await telegram.view(of: Self.chat)
            _ = try await Self.call(
                surface,
                "sendMessageDraft",
                ["chat_id": 1001, "draft_id": 5, "text": "<i>so</i> far", "parse_mode": "HTML"]
            )
            let draft = await telegram.view(of: Self.chat)
            _ = try await Self.call(surface, "sendMessage", ["chat_id": 1001, "text": "done"])
            let done = await telegram.view(of: Self.chat)

            #expect(typing.isTyping)
            #expect(draft.draft == .marked("so far", [["type": "italic", "offset": 0, "length": 2]]))
            #expect(draft.draftButtons.map(\.id) == ["stop"])
            #expect(done.draft == nil)
            #expect(done.draftButtons == [])
            #expect(!done.isTyping)
        }
    }

    @Test func `keeps files, and tells the bot’s commands`() async throws {
        let telegram = await TelegramPlayground()
        let file = PlaygroundFile(name: "a.txt", mimeType: "text/plain", bytes: [1, 2])
        await telegram.send(file, caption: "look", in: Self.chat, by: "ann")
        try await telegram.serve { surface in
            let commands: JSONValue = [["command": "help", "description": "What I can do"]]
            _ = try await Self.call(surface, "setMyCommands", ["commands": commands])
        }

        let message = try #require(await telegram.view(of: Self.chat).messages.first)
        let attachment = try #require(message.attachments.first)
        #expect(message.text == .marked("look", []))
        #expect((attachment.name, attachment.size) == ("a.txt", 2))
        #expect(await telegram.file(attachment.file) == file)
        #expect(await telegram.commands() == [PlaygroundCommand(name: "help", summary: "What I can do")])
    }

    @Test func `a person can change what they wrote`() async {
        let telegram = await TelegramPlayground()
        await telegram.say("helo", in: Self.chat, by: "ann", replyTo: nil)

        await telegram.edit("1", in: Self.chat, to: "hello")

        #expect(await telegram.view(of: Self.chat).messages.first?.text == .marked("hello", []))
    }

    @Test(arguments: [(PlaygroundTrouble.rateLimited, 429), (.unreachable, 502)])
    func `can be broken and mended`(trouble: PlaygroundTrouble, status: Int) async throws {
        let telegram = await TelegramPlayground()
        try await telegram.serve { surface in
            let message: JSONValue = ["chat_id": 1001, "text": "x"]
            await telegram.set(trouble, true)
            let broken = try await Self.call(surface, "sendMessage", message)
            await telegram.set(trouble, false)
            // In another chat: this one stays closed for as long as was told.
            let mended = try await Self.call(surface, "sendMessage", ["chat_id": 1002, "text": "x"])

            #expect(broken == status)
            #expect(mended == 200)
        }
    }
}
