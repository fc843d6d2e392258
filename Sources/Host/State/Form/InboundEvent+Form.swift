import Basics
import SurfaceKit

/// An event that is set aside: whole, so that an operator sees what it was and the program can take it again.
///
/// `{"id", "chat", "thread", "kind", "sender": {"id", "name", "language"}, "sentAt"}` and what happened, which is one
/// of `message`, `edited`, `deleted`, `started`, `left`, `moved`, `unreadable`, `stopRequested`. The first form has
/// none.
extension InboundEvent: StoredForm {
    package static let formName = "event"

    package func form() -> JSONObject {
        var form = JSONObject([
            "id": .string(id.rawValue), "chat": .string(conversation.chat.rawValue),
            "thread": .optional(conversation.thread?.rawValue), "kind": .string(chatKind.word),
            "sender": .object(sender.form), "sentAt": sentAt.map { JSONValue($0) },
        ])
        let (key, payload) = content.form
        form[key.rawValue] = payload
        return form
    }

    package init(_ form: FormReader) throws(StoredFormError) {
        guard form.version != .first else { throw form.error(.unknownVersion) }
        let thread = try form.optionalText("thread").map { ThreadID($0) }
        self.init(
            id: EventID(try form.text("id")),
            conversation: ConversationAddress(chat: ChatID(try form.text("chat")), thread: thread),
            chatKind: try form.word("kind"),
            sender: try Sender(try form.member("sender")),
            content: try Content(form),
            sentAt: try form.optional("sentAt")?.number()
        )
    }
}

extension Sender {
    fileprivate var form: JSONObject {
        JSONObject(["id": .string(id.rawValue), "name": .string(name), "language": .optional(language)])
    }

    fileprivate init(_ form: FormReader) throws(StoredFormError) {
        self.init(
            id: PersonID(try form.text("id")),
            name: try form.text("name"),
            language: try form.optionalText("language")
        )
    }
}

extension InboundEvent.Content {
    fileprivate enum Key: String, CaseIterable {
        case message, edited, deleted, started, left, moved, unreadable, stopRequested
    }

    fileprivate var form: (Key, JSONValue) {
        switch self {
        case .message(let message): (.message, .object(message.form))
        case .edited(let id, let text): (.edited, ["id": .string(id.rawValue), "text": .string(text)])
        case .deleted(let id): (.deleted, .string(id.rawValue))
        case .started(let payload): (.started, .object(JSONObject(["payload": .optional(payload)])))
        case .left: (.left, [:])
        case .moved(let chat): (.moved, .string(chat.rawValue))
        case .unreadable(let reason): (.unreadable, .string(reason.word))
        case .stopRequested(let draft): (.stopRequested, .string(draft.rawValue))
        }
    }

    fileprivate init(_ form: FormReader) throws(StoredFormError) {
        let (key, payload) = try form.oneCase(of: Key.allCases.map(\.rawValue))
        switch Key(rawValue: key) {
        case .message: self = .message(try InboundMessage(payload))
        case .edited: self = .edited(MessageID(try payload.text("id")), text: try payload.text("text"))
        case .deleted: self = .deleted(MessageID(try payload.text()))
        case .started: self = .started(payload: try payload.optionalText("payload"))
        case .left: self = .left
        case .moved: self = .moved(to: ChatID(try payload.text()))
        case .unreadable: self = .unreadable(try payload.word())
        case .stopRequested: self = .stopRequested(DraftID(try payload.text()))
        case nil: throw form.error(.unknownWord)
        }
    }
}

/// `{"id", "text", "files", "addressed", "quote", "album", "isQuestion"}`.
extension InboundMessage {
    fileprivate var form: JSONObject {
        JSONObject([
            "id": .string(id.rawValue), "text": .string(text), "files": files.form, "addressed": .bool(addressed),
            "quote": quote.map { .object($0.form) }, "album": .optional(album), "isQuestion": .bool(isQuestion),
        ])
    }

    fileprivate init(_ form: FormReader) throws(StoredFormError) {
        let quote = try form.optional("quote")
        self.init(
            id: MessageID(try form.text("id")),
            text: try form.text("text"),
            files: try [InboundFile](form, "files"),
            addressed: try form.member("addressed").flag(),
            quote: try quote.map { quote throws(StoredFormError) in try QuotedMessage(quote) },
            album: try form.optionalText("album"),
            isQuestion: try form.optional("isQuestion")?.flag() ?? false
        )
    }
}
