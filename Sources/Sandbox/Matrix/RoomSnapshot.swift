import Basics

/// A room as people see it now.
package struct RoomSnapshot: Hashable, Sendable {
    package struct Member: Hashable, Sendable {
        package let id: String
        package let name: String
        /// `join`, `invite`, `leave` or `ban`.
        package let membership: String
    }

    /// A file in a message.
    package struct File: Hashable, Sendable {
        package let name: String
        package let mimeType: String
        package let size: Int
        /// Its `mxc://` address.
        package let address: String
    }

    /// A message in its newest version.
    package struct Message: Hashable, Sendable {
        package let id: String
        package let sender: String
        package let senderName: String
        /// `msgtype`; the type of the event for what is no plain message.
        package let kind: String
        /// The body: Markdown, a caption, a file’s name.
        package let text: String
        package let html: String?
        package let file: File?
        /// The root of its thread.
        package let thread: String?
        /// The message that it visibly answers.
        package let replyTo: String?
        /// Every body that it has had, the newest last.
        package let versions: [String]
        /// Whom it names, by identifier.
        package let mentions: [String]
        /// Milliseconds since 1970.
        package let timestamp: Int64
    }

    package let id: String
    /// Empty when it has none.
    package let name: String
    package let members: [Member]
    /// Without those that were taken back, oldest first.
    package let messages: [Message]
    /// Who is typing, by identifier.
    package let typing: [String]
    /// The last event that each has read, by person.
    package let read: [String: String]
    package let isEncrypted: Bool
    /// The room that replaces it.
    package let successor: String?

    /// The messages of one thread, or those of none.
    package func messages(in thread: String?) -> [Message] { messages.filter { $0.thread == thread } }

    package func messages(of sender: String) -> [Message] { messages.filter { $0.sender == sender } }
}

extension RoomSnapshot {
    init(_ room: MatrixRoom) {
        id = room.id
        name = room.content(StateKey("m.room.name"))?["name"]?.string ?? ""
        members = room.people("join", "invite", "leave", "ban").map { user in
            Member(id: user, name: room.name(of: user), membership: room.membership(of: user) ?? "leave")
        }
        messages = room.events.compactMap { Message($0, in: room) }
        let present = ContinuousClock.now
        typing = room.typing.filter { $0.value > present }.keys.sorted()
        read = Dictionary(
            room.receipts.filter { $0.kind == "m.read" }.map { ($0.user, $0.event) },
            uniquingKeysWith: { $1 }
        )
        isEncrypted = room.state[StateKey("m.room.encryption")] != nil
        successor = room.content(StateKey("m.room.tombstone"))?["replacement_room"]?.string
    }
}

extension RoomSnapshot.Message {
    /// `nil` for what stands in no timeline: edits, state, what was taken back.
    fileprivate init?(_ event: RoomEvent, in room: MatrixRoom) {
        guard ["m.room.message", "m.room.encrypted", "m.sticker"].contains(event.type), event.redaction == nil,
            event.relationType != "m.replace"
        else { return nil }
        let edits = room.events(relatingTo: event.id, by: "m.replace").filter {
            $0.sender == event.sender && $0.type == event.type
        }
        let original = JSONValue.object(event.content)
        let contents = [original] + edits.compactMap { $0.content["m.new_content"] }
        let newest = contents.last ?? original
        id = event.id
        sender = event.sender
        senderName = room.name(of: event.sender)
        kind = newest["msgtype"]?.string ?? event.type
        text = newest["body"]?.string ?? ""
        html = newest["formatted_body"]?.string
        file = RoomSnapshot.File(newest)
        thread = event.relationType == "m.thread" ? event.relatesTo : nil
        let isFallback = thread != nil && event.relation?["is_falling_back"]?.bool == true
        replyTo = isFallback ? nil : event.relation?["m.in_reply_to"]?["event_id"]?.string
        versions = contents.map { $0["body"]?.string ?? "" }
        mentions = newest["m.mentions"]?["user_ids"]?.array?.compactMap(\.string) ?? []
        timestamp = event.timestamp
    }
}

extension RoomSnapshot.File {
    fileprivate init?(_ content: JSONValue) {
        guard let address = content["url"]?.string else { return nil }
        self.address = address
        name = content["filename"]?.string ?? content["body"]?.string ?? ""
        mimeType = content["info"]?["mimetype"]?.string ?? "application/octet-stream"
        size = Int(content["info"]?["size"]?.int64 ?? 0)
    }
}
