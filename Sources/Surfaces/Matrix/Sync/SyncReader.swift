import Basics
import SurfaceKit

/// Reads syncs: pure, from what was known and what came to what it means.
struct SyncReader: Sendable {
    let mention: BotMention
    let joinsInvitations: Bool

    /// - Parameters:
    ///   - rooms: The rooms that the bot was in before.
    ///   - pending: Errands that are under way; an invitation among them is not answered twice.
    ///   - isBaseline: Whether this is a first sync, whose messages are all of the past.
    func read(
        _ response: SyncResponse,
        rooms: [String: Room],
        pending: [RoomErrand],
        isBaseline: Bool
    ) -> SyncOutcome {
        var outcome = SyncOutcome(rooms: rooms)
        if isBaseline {
            let present = Set(response.joined.map(\.room))
            outcome.rooms = rooms.filter { present.contains($0.key) }
        }
        // Left first: who is invited again at once appears in both lists.
        for left in response.left { readLeft(left, at: response.next, into: &outcome) }
        for joined in response.joined { readJoined(joined, at: response.next, isBaseline: isBaseline, into: &outcome) }
        for room in response.directRooms ?? [] { outcome.rooms[room]?.isDirect = true }
        let answered = Set(pending.filter(\.isInvitation).map(\.room)).subtracting(outcome.settled)
        for invited in response.invited where joinsInvitations && !answered.contains(invited.room) {
            readInvited(invited, at: response.next, into: &outcome)
        }
        return outcome
    }

    private func readJoined(
        _ joined: SyncResponse.Joined,
        at next: String,
        isBaseline: Bool,
        into outcome: inout SyncOutcome
    ) {
        let before = outcome.rooms[joined.room]
        var reader = RoomReader(id: joined.room, known: before, mention: mention)
        if before == nil, let predecessor = outcome.rooms.first(where: { $0.value.successor?.room == joined.room }) {
            reader.room.isDirect = predecessor.value.isDirect
            outcome.drafts.append(InboundDraft(moved(from: predecessor, to: joined.room)))
        }
        reader.read(joined)
        outcome.settled.insert(joined.room)
        if !isBaseline { outcome.drafts += reader.drafts }
        outcome.rooms[joined.room] = reader.room
        if let successor = reader.room.successor, successor != before?.successor, !isBaseline {
            readReplacement(of: joined.room, by: successor, at: next, into: &outcome)
        }
        if reader.room.isDeserted, !isBaseline {
            if let draft = reader.departure(at: next) { outcome.drafts.append(draft) }
            outcome.rooms[joined.room] = nil
            outcome.errands.append(RoomErrand(.leave, room: joined.room, occasion: next))
        }
    }

    private func readReplacement(
        of room: String,
        by successor: Room.Successor,
        at next: String,
        into outcome: inout SyncOutcome
    ) {
        if let old = outcome.rooms[room], outcome.rooms[successor.room] != nil {
            outcome.drafts.append(InboundDraft(moved(from: (room, old), to: successor.room)))
        } else {
            let purpose = RoomErrand.Purpose.follow(announcedBy: successor.announcedBy)
            outcome.errands.append(RoomErrand(purpose, room: successor.room, occasion: next))
        }
    }

    private func readLeft(_ left: SyncResponse.Left, at next: String, into outcome: inout SyncOutcome) {
        outcome.settled.insert(left.room)
        guard let room = outcome.rooms.removeValue(forKey: left.room) else { return }
        let cause = left.events.last { $0.isMembership(of: mention.user) }
        let event = InboundEvent(
            id: EventID(cause?.id ?? "left/\(left.room)/\(next)"),
            conversation: ConversationAddress(chat: ChatID(left.room)),
            chatKind: room.kind,
            sender: Sender(id: PersonID(cause?.sender ?? mention.user), name: cause?.sender ?? mention.user),
            content: .left,
            sentAt: cause?.timestamp
        )
        outcome.drafts.append(InboundDraft(event))
    }

    private func readInvited(_ invited: SyncResponse.Invited, at next: String, into outcome: inout SyncOutcome) {
        guard let own = invited.state.last(where: { $0.isMembership(of: mention.user) && $0.membership == .invite })
        else { return }
        let isExpected = outcome.rooms.values.contains {
            $0.successor == Room.Successor(room: invited.room, announcedBy: own.sender)
        }
        let purpose = RoomErrand.Purpose.answerInvitation(
            by: own.sender,
            isDirect: own.content["is_direct"]?.bool ?? false,
            isExpected: isExpected
        )
        outcome.errands.append(RoomErrand(purpose, room: invited.room, occasion: next))
    }

    private func moved(from predecessor: (key: String, value: Room), to room: String) -> InboundEvent {
        let announcer = predecessor.value.successor?.announcedBy ?? mention.user
        return InboundEvent(
            id: EventID("moved/\(predecessor.key)/\(room)"),
            conversation: ConversationAddress(chat: ChatID(predecessor.key)),
            chatKind: predecessor.value.kind,
            sender: Sender(id: PersonID(announcer), name: announcer),
            content: .moved(to: ChatID(room))
        )
    }
}

extension RoomErrand {
    /// Whether its end may be that the bot joins the room by invitation.
    fileprivate var isInvitation: Bool { if case .answerInvitation = purpose { true } else { false } }
}
