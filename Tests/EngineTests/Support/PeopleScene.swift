import Basics
import Settings
import SurfaceKit

@testable import Engine
@testable import State

/// Surfaces over one store, and people who write on them.
struct PeopleScene {
    let store: SQLiteStore
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
        let rules = IntakeRules.sample(surface, prefix: "/", access: AccessPlan(policy: policy, users: users))
        let before = try await store.posts().count
        try await store.write { state in
            var intake = Intake(rules: rules, state: state, now: time)
            try intake.take(event)
        }
        return try await store.posts().dropFirst(before).compactMap { $0.content?.words }
    }

    /// The context in which the last question of a person was asked.
    func context(of person: PersonID, on surface: SurfaceID) async throws -> ContextID? {
        try await store.rows(
            """
            SELECT turn.context AS context FROM turn JOIN conversation ON conversation.id = turn.conversation
            WHERE sender = '\(person)' AND surface = '\(surface)' ORDER BY turn.id DESC LIMIT 1
            """
        ).first?.id("context")
    }

    func count(_ table: String) async throws -> Int64 { try await store.count(table) }
}

extension [String] {
    /// The code in what was said: a word of eight capitals and digits.
    var code: String? {
        joined(separator: " ").split { !$0.isLetter && !$0.isNumber }.map(String.init)
            .first { $0.count == 8 && $0.allSatisfy { $0.isUppercase || $0.isNumber } }
    }
}
