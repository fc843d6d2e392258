import AgentLink
import SurfaceKit

/// Ends the turns that a host that died left in the middle.
///
/// The agent may have acted on them, so they are not asked again: what was shown stays, and a notice offers `retry`.
enum Recovery {
    /// Settles the turns that came by `surface`, before it begins new ones.
    ///
    /// - Returns: The number of turns that were cut off.
    static func settle(_ surface: SurfaceRuntime, in store: Store) async throws -> Int {
        try await store.write { [rules = surface.rules] database in
            let turns = try database.turnsCutOff(on: rules.surface)
            for turn in turns { try settle(turn, try database.conversation(turn.conversation), rules, database) }
            return turns.count
        }
    }

    private static func settle(
        _ turn: TurnRecord,
        _ conversation: ConversationRecord,
        _ rules: IntakeRules,
        _ database: Database
    ) throws {
        let now = Timestamp.now
        let shown =
            try database.keepPreviews(of: turn.id, now: now) + database.sendDrafts(of: turn.id, now: now)
        let language = Language(tag: conversation.language) ?? rules.language
        let notice = Phrase.notice(.hostRestarted).text(in: language, prefix: rules.prefix)
        try database.queuePost(
            .text(MessageText(notice, format: .plain)),
            in: conversation.id,
            turn: turn.id,
            now: now
        )
        if try database.context(turn.context) != nil {
            try database.append(messages(of: turn, shown), of: turn.id, to: turn.context)
        }
        try database.endTurn(turn.id, as: .cut, now: now)
    }

    private static func messages(of turn: TurnRecord, _ shown: [PostRecord]) -> [AgentMessage] {
        var question: [AgentPart] = []
        let text = QuestionText.compose(turn.question)
        if !text.isEmpty { question.append(.text(text)) }
        for (number, file) in turn.question.files.enumerated() {
            let path = FileCabinet.name(ofFile: number, turn: turn.id)
            let kind = AgentFile.Kind(file.kind)
            question.append(
                .file(AgentFile(kind: kind, source: .path(path), mimeType: file.mimeType, name: file.name))
            )
        }
        let pages = shown.compactMap { post in
            if case .text(let text)? = post.content ?? post.shown { text.source } else { nil }
        }
        let answer = pages.joined(separator: "\n\n")
        let user = AgentMessage(id: "q\(turn.id)", role: .user, parts: question)
        return answer.isEmpty
            ? [user] : [user, AgentMessage(id: "a\(turn.id)", role: .assistant, parts: [.text(answer)])]
    }
}
