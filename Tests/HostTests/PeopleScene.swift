import SurfaceKit

@testable import Host

/// Two surfaces over one store, and people who write on them.
struct PeopleScene {
    let store: Store
    var policy = AccessPlan.Policy.open
    var users: [PersonID] = []

    /// What was said in answer to `text`, by `person` in a private chat of their own or in a group.
    @discardableResult
    func say(
        _ text: String,
        by person: PersonID,
        on surface: SurfaceID,
        in group: ChatID? = nil,
        at time: Timestamp = .now
    ) async throws -> [String] {
        let event = InboundEvent(
            id: EventID("\(surface)-\(person)-\(text)-\(Int.random(in: 0..<Int.max))"),
            conversation: ConversationAddress(chat: group ?? ChatID("dm-\(person)")),
            chatKind: group == nil ? .direct : .group,
            sender: Sender(id: person, name: "The \(person)"),
            content: .message(InboundMessage(id: MessageID("m\(text)"), text: text, addressed: true))
        )
        return try await take(event, on: surface, at: time)
    }

    @discardableResult
    func take(_ event: InboundEvent, on surface: SurfaceID, at time: Timestamp = .now) async throws -> [String] {
        let rules = IntakeRules(
            surface: surface,
            prefix: "/",
            respond: .mention,
            language: .english,
            attachments: AttachmentLimits(maxBytes: 100, maxCount: 2, keep: .seconds(3600)),
            access: AccessPlan(policy: policy, users: users)
        )
        return try await store.write { database in
            let before = try database.run("SELECT coalesce(max(id), 0) AS n FROM post").first?.integer("n") ?? 0
            var intake = Intake(rules: rules, database: database, now: time)
            try intake.take(event)
            return try database.run("SELECT * FROM post WHERE id > ? ORDER BY id", .integer(before))
                .map(PostRecord.init).compactMap { post in
                    if case .text(let text)? = post.content { text.source } else { nil }
                }
        }
    }

    /// The context in which the last question of a person was asked.
    func context(of person: PersonID, on surface: SurfaceID) async throws -> Int64? {
        try await store.read { database in
            try database.run(
                """
                SELECT turn.context AS context FROM turn JOIN conversation ON conversation.id = turn.conversation
                WHERE sender = ? AND surface = ? ORDER BY turn.id DESC LIMIT 1
                """,
                .text(person.rawValue),
                .text(surface.rawValue)
            ).first?.integer("context")
        }
    }

    func count(_ table: String) async throws -> Int64 {
        try await store.read { try $0.run("SELECT count(*) AS n FROM \(table)").first?.integer("n") ?? 0 }
    }
}

extension [String] {
    /// The code in what was said: a word of eight capitals and digits.
    var code: String? {
        joined(separator: " ").split { !$0.isLetter && !$0.isNumber }.map(String.init)
            .first { $0.count == 8 && $0.allSatisfy { $0.isUppercase || $0.isNumber } }
    }
}
