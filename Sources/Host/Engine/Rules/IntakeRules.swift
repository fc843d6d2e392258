import Basics
import Replies
import Settings
import State
import SurfaceKit
import Words

/// What decides, on one surface, whether and how an event is taken.
package struct IntakeRules: Sendable {
    package let surface: SurfaceID
    /// What commands begin with in texts.
    package let prefix: Character
    package let respond: SurfaceAccess.Respond
    let access: AccessPlan
    /// How long one message may be.
    let text: Capabilities.TextLimit
    private let live: LiveSettings

    init(
        surface: SurfaceID,
        prefix: Character,
        text: Capabilities.TextLimit,
        respond: SurfaceAccess.Respond,
        access: AccessPlan,
        live: LiveSettings
    ) {
        self.surface = surface
        self.prefix = prefix
        self.text = text
        self.respond = respond
        self.access = access
        self.live = live
    }

    package var language: Language { live.current.language }
    package var attachments: AttachmentLimits { live.current.attachments }

    /// The language that is spoken in a conversation.
    func language(of conversation: ConversationRecord) -> Language { Language(tag: conversation.language) ?? language }

    /// What the host says, as the messages that it fits in.
    func messages(_ phrase: Phrase, in conversation: ConversationRecord, isPublic: Bool = false) -> [MessageText] {
        let words = phrase.text(in: language(of: conversation), prefix: prefix)
        return MarkdownPager.pages(of: MessageText(words, format: .plain, isPublic: isPublic), limit: text)
    }

    /// What of an event concerns the bot.
    enum Relevance {
        case command(ChatCommand, argument: String)
        case question
        case bareFile
        case nothing
    }

    func relevance(of message: InboundMessage, in kind: ChatKind) -> Relevance {
        guard kind == .direct || respond != .never else { return .nothing }
        if let command = ChatCommand(leading: message.text) {
            return .command(command, argument: message.text.drop { !$0.isWhitespace }.trimmed())
        }
        guard kind == .direct || respond == .always || message.addressed else { return .nothing }
        if message.text.isEmpty, !message.isQuestion, !message.files.isEmpty {
            return kind == .group && respond == .mention ? .nothing : .bareFile
        }
        return .question
    }
}
