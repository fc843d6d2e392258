import State

/// One conversation while something happens in it: what runs and what grows, and the two lanes that ask and deliver.
///
/// What waits and what is owed is in the state, and looked up by the lanes; everything else of a conversation is here.
final class Conversation: Sendable {
    let id: ConversationID
    let stage: Stage
    let asking: Lane
    let delivering: Lane

    init(_ id: ConversationID, _ desk: ConversationDesk, turns: LaneScope, deliveries: LaneScope) {
        self.id = id
        let stage = Stage()
        self.stage = stage
        let delivering = deliveries.lane(Delivering(conversation: id, stage: stage, desk: desk))
        self.delivering = delivering
        asking = turns.lane(Asking(conversation: id, stage: stage, delivering: delivering, desk: desk))
    }

    var isIdle: Bool { asking.isIdle && delivering.isIdle }
}
