import Basics
import SurfaceKit

/// Writes the contents of the bot's events.
enum MessageWriter {
    /// What a text looks like in the room.
    ///
    /// - Parameter isNotice: Whether clients should show it as a remark of a program, without a sound.
    static func content(of text: MessageText, isNotice: Bool = false) -> JSONObject {
        var content = JSONObject()
        content["msgtype"] = isNotice ? "m.notice" : "m.text"
        content["body"] = .string(text.source)
        if let html = html(of: text) {
            content["format"] = "org.matrix.custom.html"
            content["formatted_body"] = .string(html)
        }
        content["m.mentions"] = [:]
        return content
    }

    static func content(of file: OutboundFile, at address: String) -> JSONObject {
        var content = JSONObject()
        content["msgtype"] = .string(file.kind.messageType)
        content["body"] = .string(file.name)
        content["filename"] = .string(file.name)
        content["url"] = .string(address)
        content["info"] = ["mimetype": .string(file.mimeType), "size": JSONValue(file.size)]
        content["m.mentions"] = [:]
        return content
    }

    /// `content` as a new message, in a thread, as an answer, or both.
    static func placed(
        _ content: JSONObject,
        in thread: String?,
        answering reply: String?,
        by person: String?
    ) -> JSONObject {
        var content = content
        if let person { content["m.mentions"] = ["user_ids": [.string(person)]] }
        if let thread {
            // Clients without threads show an answer to what is named here.
            content["m.relates_to"] = [
                "rel_type": "m.thread", "event_id": .string(thread), "is_falling_back": .bool(reply == nil),
                "m.in_reply_to": ["event_id": .string(reply ?? thread)],
            ]
        } else if let reply {
            content["m.relates_to"] = ["m.in_reply_to": ["event_id": .string(reply)]]
        }
        return content
    }

    /// `content` as the new version of `original` ("Event replacements").
    static func replacing(_ original: String, with content: JSONObject) -> JSONObject {
        var edit = content
        // For clients that do not know edits.
        for key in ["body", "formatted_body"] {
            if let text = content[key]?.string { edit[key] = .string("* " + text) }
        }
        edit["m.new_content"] = .object(content)
        edit["m.relates_to"] = ["rel_type": "m.replace", "event_id": .string(original)]
        return edit
    }

    private static func html(of text: MessageText) -> String? {
        text.format == .markdown ? MatrixHTML.html(ofMarkdown: text.source) : nil
    }
}

// MARK: - Size

extension MessageWriter {
    /// Most bytes of one version of a text.
    ///
    /// An event holds at most 65,536 bytes of canonical JSON, and an edit holds its text twice. What is left is for the
    /// rest of the event, and for base64 should the room ever be one that the bot encrypts for.
    static let largestText = 22_000

    /// The bytes that a text takes in an event: its source and its HTML, escaped as in canonical JSON.
    static func size(of text: MessageText) -> Int {
        canonicalSize(text.source) + (html(of: text).map(canonicalSize) ?? 0)
    }

    private static func canonicalSize(_ text: String) -> Int {
        text.utf8.reduce(0) { size, byte in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x08, 0x09, 0x0A, 0x0C, 0x0D: size + 2
            case ..<0x20: size + 6
            default: size + 1
            }
        }
    }
}
