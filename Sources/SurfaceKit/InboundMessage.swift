/// What a person said.
package struct InboundMessage: Hashable, Sendable {
    package let id: MessageID
    /// Text or caption, without the mention that addressed the bot; empty for a bare file.
    package let text: String
    package let files: [InboundFile]
    /// Whether the bot was named, replied to or commanded.
    ///
    /// Always true in a direct chat.
    package let addressed: Bool
    /// The message that this one answers.
    package let quote: QuotedMessage?
    /// The same for all files of one album, which may come as several events.
    package let album: String?
    /// A file without text that is a question of its own: voice note, video note, sticker, location, contact.
    package let isQuestion: Bool

    package init(
        id: MessageID,
        text: String,
        files: [InboundFile] = [],
        addressed: Bool,
        quote: QuotedMessage? = nil,
        album: String? = nil,
        isQuestion: Bool = false
    ) {
        self.id = id
        self.text = text
        self.files = files
        self.addressed = addressed
        self.quote = quote
        self.album = album
        self.isQuestion = isQuestion
    }
}

/// A message that another one replies to or forwards.
package struct QuotedMessage: Hashable, Sendable {
    package let id: MessageID?
    /// Who said it; `nil` when it was the bot.
    package let author: String?
    package let text: String
    package let files: [InboundFile]

    package init(id: MessageID?, author: String?, text: String, files: [InboundFile] = []) {
        self.id = id
        self.author = author
        self.text = text
        self.files = files
    }
}

/// A file that a person sent, not yet fetched.
package struct InboundFile: Hashable, Sendable {
    package let reference: FileReference
    package let kind: FileKind
    /// As the sender called it; made up by the surface when there was none.
    package let name: String
    package let mimeType: String
    /// What the messenger claims, in bytes.
    package let size: Int?

    package init(reference: FileReference, kind: FileKind, name: String, mimeType: String, size: Int?) {
        self.reference = reference
        self.kind = kind
        self.name = name
        self.mimeType = mimeType
        self.size = size
    }
}

/// How people see a file, and the type of its AG-UI content part.
package enum FileKind: String, Hashable, Sendable, CaseIterable {
    case image, audio, video, document
}

/// Where a surface finds a file again; only that surface may look inside.
package struct FileReference: Hashable, Sendable {
    package let rawValue: String

    package init(_ rawValue: String) { self.rawValue = rawValue }
}
