import Basics
import HTTP
import Testing

@testable import Sandbox

@Suite("MAX in the playground")
struct MaxPlaygroundTests {
    /// Calls the Bot API as the bot does.
    static func call(
        _ surface: PlaygroundSurface,
        _ method: String,
        _ path: String,
        _ body: JSONValue? = nil
    ) async throws -> Int {
        let address = try #require(surface.options["apiBaseURL"]?.string)
        let token = try #require(surface.secrets.values.first)
        let request = HTTPRequest(
            method,
            "\(address)/\(path)",
            headers: [HTTPHeader("Content-Type", "application/json"), HTTPHeader("Authorization", token)],
            body: body.map { .bytes($0.encoded) } ?? .none
        )
        return try await HTTPClient().send(request).status
    }

    static func direct(_ max: MaxPlayground, of person: String = "ann") throws -> PlaygroundChat {
        try #require(max.chats.first { $0.people == [person] })
    }

    @Test func `gives each person a dialog with the bot, and both a group`() async {
        let max = await MaxPlayground()

        #expect(max.chats.map(\.people) == [["ann"], ["ben"], ["ann", "ben"]])
        #expect(max.chats.map(\.isGroup) == [false, false, true])
        #expect(Set(max.chats.map(\.id)).count == 3)
    }

    @Test func `names in the manifest the variable that holds the token`() async throws {
        try await MaxPlayground().serve { surface in
            let status = try await Self.call(surface, "GET", "me")

            #expect(surface.kind == "max")
            #expect(surface.options["token"]?["env"]?.string == surface.secrets.keys.first)
            #expect(status == 200)
        }
    }

    @Test func `shows what people and the bot write, in the words of the page`() async throws {
        let max = await MaxPlayground()
        let chat = try Self.direct(max)
        await max.say("hello", in: chat.id, by: "ann", replyTo: nil)
        try await max.serve { surface in
            let text = "<b>Hi</b> <code>x</code><pre>a\nb</pre><a href=\"https://e.org/\">l</a>"
            let message: JSONValue = ["text": .string(text), "format": "html"]
            let typing = try await Self.call(surface, "POST", "chats/\(chat.id)/actions", ["action": "typing_on"])
            #expect(typing == 200)
            #expect(await max.view(of: chat.id).isTyping)
            #expect(try await Self.call(surface, "POST", "messages?chat_id=\(chat.id)", message) == 200)
        }

        let view = await max.view(of: chat.id)
        #expect(!view.isTyping)
        #expect(view.messages.map(\.sender) == ["ann", nil])
        #expect(view.messages.first?.text == .marked("hello", []))
        #expect(
            view.messages.last?.text
                == .marked(
                    "Hi xa\nbl",
                    [
                        ["type": "bold", "offset": 0, "length": 2], ["type": "code", "offset": 3, "length": 1],
                        ["type": "pre", "offset": 4, "length": 3],
                        ["type": "text_link", "offset": 7, "length": 1, "url": "https://e.org/"],
                    ]
                )
        )
        #expect(await max.view(of: "nowhere") == PlaygroundView())
    }

    @Test func `keeps files, and lets a person change what they wrote`() async throws {
        let max = await MaxPlayground()
        let chat = try Self.direct(max)
        let file = PlaygroundFile(name: "a.txt", mimeType: "text/plain", bytes: [1, 2])
        await max.send(file, caption: "look", in: chat.id, by: "ann")

        let message = try #require(await max.view(of: chat.id).messages.first)
        let attachment = try #require(message.attachments.first)
        #expect(message.text == .marked("look", []))
        #expect((attachment.name, attachment.size) == ("a.txt", 2))
        #expect(!attachment.file.contains("/"))
        #expect(await max.file(attachment.file) == file)
        await max.edit(message.id, in: chat.id, to: "look here")
        #expect(await max.view(of: chat.id).messages.first?.text == .marked("look here", []))
    }

    @Test(arguments: [(PlaygroundTrouble.rateLimited, 429), (.unreachable, 502)])
    func `can be broken and mended`(trouble: PlaygroundTrouble, status: Int) async throws {
        let max = await MaxPlayground()
        let path = "messages?chat_id=\(try Self.direct(max).id)"
        try await max.serve { surface in
            await max.set(trouble, true)
            let broken = try await Self.call(surface, "POST", path, ["text": "x"])
            await max.set(trouble, false)
            let mended = try await Self.call(surface, "POST", path, ["text": "x"])

            #expect(broken == status)
            #expect(mended == 200)
        }
    }
}
