import Basics

extension PlaygroundView {
    /// More than the newest of them the page does not show.
    private static let shown = 120

    var json: JSONValue {
        [
            "messages": .array(messages.suffix(Self.shown).map(\.json)),
            "draft": draft?.json ?? .null,
            "draftButtons": .array(draftButtons.map(\.json)),
            "typing": .bool(isTyping),
        ]
    }
}

extension PlaygroundMessage {
    fileprivate var json: JSONValue {
        [
            "id": .string(id),
            "sender": sender.map { .string($0) } ?? .null,
            "text": text.json,
            "files": .array(attachments.map(\.json)),
            "replyTo": replyTo.map { .string($0) } ?? .null,
            "buttons": .array(buttons.map(\.json)),
            "edited": .bool(isEdited),
            "time": JSONValue(time),
        ]
    }
}

extension PlaygroundMessage.Attachment {
    fileprivate var json: JSONValue {
        [
            "file": .string(file), "name": .string(name), "mimeType": .string(mimeType), "size": JSONValue(size),
        ]
    }
}

extension PlaygroundButton {
    fileprivate var json: JSONValue { ["id": .string(id), "label": .string(label)] }
}

extension PlaygroundText {
    fileprivate var json: JSONValue {
        switch self {
        case .marked(let text, let marks): ["plain": .string(text), "marks": .array(marks)]
        case .html(let html): ["html": .string(html)]
        }
    }
}

extension PlaygroundMessenger {
    /// What never changes about it.
    var json: JSONValue {
        [
            "id": .string(id), "title": .string(title), "botName": .string(botName), "mention": .string(mention),
            "commandPrefix": .string(commandPrefix),
            "people": .array(
                people.map { ["id": .string($0.id), "name": .string($0.name), "account": .string($0.account)] }
            ),
            "chats": .array(
                chats.map { chat in
                    [
                        "id": .string(chat.id), "title": .string(chat.title), "group": .bool(chat.isGroup),
                        "people": .array(chat.people.map { .string($0) }),
                    ]
                }
            ),
        ]
    }
}

extension AgentRecord {
    var json: JSONValue {
        [
            "id": JSONValue(id), "thread": .string(thread), "run": .string(run),
            "surface": surface.map { .string($0) } ?? .null, "question": .string(question),
            "messages": JSONValue(messages), "files": JSONValue(files), "began": JSONValue(began),
            "ended": ended.map { JSONValue($0) } ?? .null, "answer": .string(answer),
            "ending": ending?.json ?? .null,
            "events": .array(
                events.map {
                    ["type": .string($0.type), "count": JSONValue($0.count), "detail": .string($0.detail)]
                }
            ),
        ]
    }
}

extension AgentRecord.Ending {
    fileprivate var json: JSONValue {
        switch self {
        case .finished: ["kind": "finished"]
        case .failed(let reason): ["kind": "failed", "detail": .string(reason)]
        case .refused(let status): ["kind": "refused", "detail": .string("HTTP \(status)")]
        case .truncated: ["kind": "truncated"]
        case .abandoned: ["kind": "abandoned"]
        }
    }
}
