import SurfaceKit

/// What decides, on one surface, whether and how an event is taken.
package struct IntakeRules: Sendable {
    package let surface: SurfaceID
    /// What commands begin with in texts.
    package let prefix: Character
    package let respond: SurfaceAccess.Respond
    let access: AccessPlan
    private let currentLanguage: @Sendable () -> Language
    private let currentAttachments: @Sendable () -> AttachmentLimits

    /// - Parameters:
    ///   - language: Asked each time: it may change while the surface runs.
    ///   - attachments: Likewise.
    init(
        surface: SurfaceID,
        prefix: Character,
        respond: SurfaceAccess.Respond,
        language: @autoclosure @escaping @Sendable () -> Language,
        attachments: @autoclosure @escaping @Sendable () -> AttachmentLimits,
        access: AccessPlan
    ) {
        self.surface = surface
        self.prefix = prefix
        self.respond = respond
        self.access = access
        currentLanguage = language
        currentAttachments = attachments
    }

    package var language: Language { currentLanguage() }
    package var attachments: AttachmentLimits { currentAttachments() }

    /// What of an event concerns the bot.
    enum Relevance {
        case command(ChatCommand, argument: String)
        case question
        case bareFile
        case nothing
    }

    func relevance(of message: InboundMessage, in kind: ChatKind) -> Relevance {
        guard kind == .direct || respond != .never else { return .nothing }
        if let (command, argument) = Intake.command(in: message.text) { return .command(command, argument: argument) }
        guard kind == .direct || respond == .always || message.addressed else { return .nothing }
        if message.text.isEmpty, !message.isQuestion, !message.files.isEmpty {
            return kind == .group && respond == .mention ? .nothing : .bareFile
        }
        return .question
    }
}

/// Limits on files that people send.
package struct AttachmentLimits: Hashable, Sendable {
    /// Largest single file, in bytes.
    package let maxBytes: Int
    /// Most files of one message.
    package let maxCount: Int
    /// How long a staged file waits for a text.
    package let keep: Duration

    package init(maxBytes: Int, maxCount: Int, keep: Duration) {
        self.maxBytes = maxBytes
        self.maxCount = maxCount
        self.keep = keep
    }
}
