import Basics
import Sandbox
import SurfaceKit
import Testing

@testable import Max

/// Captures that others have published, each with what it must become.
@Suite("Published captures of MAX")
struct FixtureTests {
    /// What an update should be, in few words.
    enum Outcome: Hashable, Sendable {
        case message(String, chat: String, addressed: Bool)
        case edited(String)
        case deleted(String)
        case started
        case left(ChatKind)
        case nothing
    }

    private static func outcome(of reading: UpdateReader.Reading) -> Outcome {
        guard let event = reading.event else { return .nothing }
        return switch event.content {
        case .message(let message):
            .message(message.text, chat: event.conversation.chat.rawValue, addressed: message.addressed)
        case .edited(_, let text): .edited(text)
        case .deleted(let message): .deleted(message.rawValue)
        case .started: .started
        case .left: .left(event.chatKind)
        default: .nothing
        }
    }

    static let stabs: [(String, Outcome)] = [
        ("message_created", .message("...", chat: "-70801090403050", addressed: false)),
        ("message_edited", .edited("hi bot")),
        ("message_removed", .deleted("mid.000000000adf429c019d47b1ce4600ff")),
        ("message_callback", .nothing), ("bot_started", .started), ("bot_stopped", .left(.direct)),
        ("dialog_removed", .left(.direct)), ("dialog_cleared", .nothing), ("dialog_muted", .nothing),
        ("dialog_unmuted", .nothing), ("bot_added", .nothing), ("bot_removed", .left(.group)),
        ("user_added", .nothing), ("user_removed", .nothing), ("chat_title_changed", .nothing),
    ]

    @Test(arguments: stabs)
    func `are read, polled and posted alike`(kind: String, expected: Outcome) throws {
        let reader = UpdateReader(bot: Samples.account(try Fixture.json("go-stabs/botInfo.ok.json")))
        let page = try Fixture.json("go-stabs/update.\(kind).json")
        let polled = try #require(page["updates"]?[0])
        let posted = try Fixture.json("go-stabs/webhook.\(kind).json")

        #expect(Self.outcome(of: reader.read(polled)) == expected)
        #expect(reader.read(polled) == reader.read(posted))
        #expect(reader.read(polled).oddities == [])
        #expect(page["marker"]?.int64 == 25_493_970)
    }

    @Test func `are all asserted`() throws {
        let names = try Fixture.names(in: "go-stabs").filter { $0.hasPrefix("update.") || $0.hasPrefix("webhook.") }

        #expect(Set(names) == Set(Self.stabs.flatMap { ["update.\($0.0).json", "webhook.\($0.0).json"] }))
    }

    @Test(
        arguments: [
            ("message_created", .message("Тест", chat: "472107880", addressed: true)), ("message_callback", .nothing),
            ("message_forwarded", .message("", chat: "472107880", addressed: true)),
            ("message_reply", .message("Ответ на сообщение", chat: "472107880", addressed: true)),
        ] as [(String, Outcome)]
    )
    func `of the live service are read`(name: String, expected: Outcome) throws {
        let captures = try Fixture.json("live-aiogram-max/live_max_updates.json")
        let bot: JSONValue = ["user_id": 277_639_678, "first_name": "Тестовый Бот", "username": "test_bot"]

        let reading = UpdateReader(bot: Samples.account(bot)).read(try #require(captures[name]))

        #expect(captures.object?.members.count == 4)
        #expect(Self.outcome(of: reading) == expected)
        #expect(reading.oddities == [])
    }

    @Test func `show what is forwarded and answered`() throws {
        let captures = try Fixture.json("live-aiogram-max/live_max_updates.json")
        let reader = UpdateReader(bot: Samples.account(["user_id": 277_639_678, "first_name": "Бот"]))
        func quote(_ name: String) throws -> QuotedMessage? {
            let capture = try #require(captures[name])
            let event = try #require(reader.read(capture).event)
            guard case .message(let message) = event.content else { return nil }
            return message.quote
        }

        #expect(
            try quote("message_forwarded")
                == QuotedMessage(id: nil, author: "Мария Иванова", text: "Не планировала, если это не обязательно")
        )
        #expect(
            try quote("message_reply")
                == QuotedMessage(
                    id: "mid.reply-target-1",
                    author: nil,
                    text: "Вот ваш пост! Хотите внести какие-то правки?"
                )
        )
    }

    @Test func `of accounts, errors and uploads are understood`() throws {
        let account = Samples.account(try Fixture.json("go-stabs/botInfo.ok.json"))
        #expect(account == Samples.account(["user_id": 123_123_123, "first_name": "unit bot", "username": "test-bot"]))
        #expect(account.isCalled("@test-bot"))

        func error(_ name: String, _ status: Int) throws -> SurfaceError {
            let json = try Fixture.json("go-stabs/\(name).json")
            return SurfaceError(
                MaxFailure(
                    status: status,
                    code: json["code"]?.string ?? "",
                    message: json["message"]?.string ?? ""
                )
            )
        }
        #expect(
            try error("error.attachment.not.ready", 400)
                == .unavailable(retryAfter: .seconds(1), reason: "400 attachment.not.ready")
        )
        #expect(
            try error("error.invalid-token", 401)
                == .unauthorized(
                    reason: "401 verify.token Invalid access_token; the token is refused: take the new one from the "
                        + "bot’s settings at business.max.ru and set it"
                )
        )
        let receipt = String(decoding: try Fixture.bytes("go-stabs/upload.video.response.xml"), as: UTF8.self)
        #expect(receipt.contains("<retval>1</retval>"))
    }

    /// Answers about chats, which the surface does not ask for: they hold what the simulator must hold, too.
    @Test(arguments: [
        ("chat-path-result", "Chat"), ("get-chat-by-id", "Chat"), ("get-chats", "ChatList"),
        ("dialog-with-user", "Chat"), ("get-membership", "ChatMember"), ("get-members", "ChatMembersList"),
        ("get-admins", "ChatMembersList"), ("get-pin-message", "GetPinnedMessageResult"),
    ])
    func `of chats are what the schema says`(name: String, type: String) throws {
        let mistakes = try MaxRig.schema.get().mistakes(
            in: try Fixture.json("go-stabs/chats/\(name).json"),
            ofType: type
        )

        #expect(mistakes == [])
    }

    @Test(arguments: stabs.map(\.0))
    func `of updates are what the schema says`(kind: String) throws {
        let update = try Fixture.json("go-stabs/webhook.\(kind).json")

        #expect(try MaxRig.schema.get().mistakes(in: update, ofType: "Update") == [])
    }
}
