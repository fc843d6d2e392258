import Basics
import SurfaceKit

/// What the content of `m.room.message` or `m.sticker` says, before it is known whom it answers.
struct MessageReading: Hashable, Sendable {
    let text: String
    let files: [InboundFile]
    let isQuestion: Bool
    /// Whether the bot is named or commanded.
    let isAddressed: Bool
    let relation: MessageRelation
    let fallback: ReplyFallback?

    /// `nil` for what is no message of a person: notices of other bots, requests between clients, redacted messages.
    init?(_ event: MatrixEvent, mention: BotMention) {
        self.init(event.content, type: event.type, mention: mention)
    }

    init?(_ content: JSONValue, type: String, mention: BotMention) {
        guard let body = content["body"]?.string else { return nil }
        let kind = type == "m.sticker" ? type : content["msgtype"]?.string
        let said: String
        relation = MessageRelation(content["m.relates_to"])
        switch kind {
        case "m.text", "m.emote":
            fallback = relation.reply == nil ? nil : ReplyFallback(body)
            (said, files, isQuestion) = (fallback?.rest ?? body, [], false)
        case "m.location":
            fallback = nil
            said = [body, content["geo_uri"]?.string ?? ""].filter { !$0.isEmpty }.joined(separator: "\n")
            (files, isQuestion) = ([], true)
        case "m.image", "m.file", "m.audio", "m.video", "m.sticker":
            fallback = nil
            files = InboundFile(matrix: content, kind: kind).map { [$0] } ?? []
            said = kind == "m.sticker" ? "" : Self.caption(of: content, body: body)
            isQuestion = kind == "m.sticker" || Self.isVoice(content)
            if files.isEmpty && said.isEmpty { return nil }
        default: return nil
        }
        let isNamed = mention.isMade(in: content, saying: said)
        let rest = isNamed ? mention.stripped(said, of: content) : said
        // A mention alone still is something said, unless it points at another message.
        text = rest.isEmpty && relation.reply == nil ? said : rest
        isAddressed = isNamed || ChatCommand(leading: text) != nil
    }

    /// "Media captions": the body is one only beside a file name that differs from it.
    private static func caption(of content: JSONValue, body: String) -> String {
        guard let name = content["filename"]?.string, name != body else { return "" }
        return body
    }

    /// Voice notes (MSC3245), where they are not in the specification yet.
    private static func isVoice(_ content: JSONValue) -> Bool {
        content["org.matrix.msc3245.voice"] != nil || content["m.voice"] != nil
            || content["org.matrix.msc1767.audio"]?["waveform"] != nil
    }
}

/// How a message belongs to others ("Forming relationships between events").
struct MessageRelation: Hashable, Sendable {
    /// The root of the thread.
    let thread: String?
    /// The message that it answers, on purpose.
    let reply: String?
    /// The message that it is a newer version of.
    let replaced: String?

    init(_ json: JSONValue?) {
        let kind = json?["rel_type"]?.string
        let target = json?["event_id"]?.string
        thread = kind == "m.thread" ? target : nil
        replaced = kind == "m.replace" ? target : nil
        // In a thread every message names the one before it, for clients that know no threads.
        let isFallback = kind == "m.thread" && json?["is_falling_back"]?.bool == true
        reply = isFallback ? nil : json?["m.in_reply_to"]?["event_id"]?.string
    }
}
