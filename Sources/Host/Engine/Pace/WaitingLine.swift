import SurfaceKit

/// Chats that wait for the same thing, the one that has waited longest first.
struct WaitingLine: Sendable {
    private struct Place {
        let chat: ChatID
        /// Who does not ask again by then has gone.
        var until: ContinuousClock.Instant
    }

    private var places: [Place] = []

    /// How many wait before `chat`; those that have gone are forgotten.
    mutating func ahead(of chat: ChatID, _ now: ContinuousClock.Instant) -> Int {
        places.removeAll { $0.until < now && $0.chat != chat }
        return places.firstIndex { $0.chat == chat } ?? places.count
    }

    /// Takes a place, or keeps it.
    mutating func join(_ chat: ChatID, until: ContinuousClock.Instant) {
        if let index = places.firstIndex(where: { $0.chat == chat }) {
            places[index].until = until
        } else {
            places.append(Place(chat: chat, until: until))
        }
    }

    mutating func leave(_ chat: ChatID) { places.removeAll { $0.chat == chat } }
}
