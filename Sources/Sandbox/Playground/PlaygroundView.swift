import Basics

/// What stands in a chat at one moment.
package struct PlaygroundView: Hashable, Sendable {
    /// Oldest first.
    package var messages: [PlaygroundMessage]
    /// A preview that is no message.
    package var draft: PlaygroundText?
    /// What can be pressed below the draft.
    package var draftButtons: [PlaygroundButton]
    /// Whether the bot shows that it writes.
    package var isTyping: Bool

    package init(
        messages: [PlaygroundMessage] = [],
        draft: PlaygroundText? = nil,
        draftButtons: [PlaygroundButton] = [],
        isTyping: Bool = false
    ) {
        self.messages = messages
        self.draft = draft
        self.draftButtons = draftButtons
        self.isTyping = isTyping
    }
}

package struct PlaygroundButton: Hashable, Sendable {
    package let id: String
    package let label: String

    package init(id: String, label: String) {
        self.id = id
        self.label = label
    }
}

/// A text as the messenger keeps it.
package enum PlaygroundText: Hashable, Sendable {
    /// Plain, with marks `{type, offset, length, url?, language?}` counted in UTF-16 units; types as Telegram names them.
    case marked(String, [JSONValue])
    /// HTML; the page builds only what it knows to be harmless.
    case html(String)
}

package struct PlaygroundMessage: Hashable, Sendable {
    package struct Attachment: Hashable, Sendable {
        /// For ``PlaygroundMessenger/file(_:)``.
        package let file: String
        package let name: String
        package let mimeType: String
        package let size: Int

        package init(file: String, name: String, mimeType: String, size: Int) {
            self.file = file
            self.name = name
            self.mimeType = mimeType
            self.size = size
        }
    }

    package let id: String
    /// `nil` is the bot.
    package let sender: String?
    package let text: PlaygroundText
    package var attachments: [Attachment]
    package var replyTo: String?
    package var buttons: [PlaygroundButton]
    package var isEdited: Bool
    /// In milliseconds since 1970.
    package let time: Int64

    package init(
        id: String,
        sender: String?,
        text: PlaygroundText,
        attachments: [Attachment] = [],
        replyTo: String? = nil,
        buttons: [PlaygroundButton] = [],
        isEdited: Bool = false,
        time: Int64
    ) {
        self.id = id
        self.sender = sender
        self.text = text
        self.attachments = attachments
        self.replyTo = replyTo
        self.buttons = buttons
        self.isEdited = isEdited
        self.time = time
    }
}
