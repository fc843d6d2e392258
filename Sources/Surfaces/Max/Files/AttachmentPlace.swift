import Basics
import SurfaceKit

/// Where a file of a message is found, also when its link has expired: what a ``FileReference`` holds.
struct AttachmentPlace: Hashable, Sendable {
    /// The link that came with the message; signed, and dead after a while.
    let url: String?
    /// `image`, `video`, `audio`, `file` or `sticker`.
    let kind: String
    let token: String?
    /// The message to ask for a new link.
    let message: String?
    /// Among that message’s attachments.
    let index: Int
    /// Whether it belongs to the message that was forwarded or answered.
    let isLinked: Bool

    var reference: FileReference {
        var json = JSONObject()
        json["url"] = url.map { .string($0) }
        json["kind"] = .string(kind)
        json["token"] = token.map { .string($0) }
        json["message"] = message.map { .string($0) }
        json["index"] = JSONValue(index)
        if isLinked { json["linked"] = true }
        return FileReference(JSONValue.object(json).text)
    }

    /// This place in `message` as it is now; `nil` when it is not there any more.
    func renewed(in message: JSONValue) -> AttachmentPlace? {
        let body = isLinked ? message["link"]?["message"] : message["body"]
        guard let attachment = body?["attachments"]?[index], attachment["type"]?.string == kind else { return nil }
        return AttachmentPlace(attachment, message: self.message, index: index, isLinked: isLinked)
    }
}

extension AttachmentPlace {
    init(_ attachment: JSONValue, message: String?, index: Int, isLinked: Bool) {
        self.init(
            url: attachment["payload"]?["url"]?.string,
            kind: attachment["type"]?.string ?? "",
            token: attachment["payload"]?["token"]?.string,
            message: message,
            index: index,
            isLinked: isLinked
        )
    }

    init?(_ reference: FileReference) {
        guard let json = try? JSONValue(parsing: reference.rawValue.utf8), let kind = json["kind"]?.string else {
            return nil
        }
        self.init(
            url: json["url"]?.string,
            kind: kind,
            token: json["token"]?.string,
            message: json["message"]?.string,
            index: json["index"]?.int64.map(Int.init) ?? 0,
            isLinked: json["linked"]?.bool ?? false
        )
    }
}
