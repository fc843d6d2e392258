import SurfaceKit
import Synchronization

/// Remembers for a while who asked what in groups, so that an answer can name them.
final class Askers: Sendable {
    private struct Memory {
        var people: [MessageID: PersonID] = [:]
        /// Oldest first.
        var order: [MessageID] = []
    }

    private let capacity: Int
    private let memory = Mutex(Memory())

    init(capacity: Int = 1000) { self.capacity = capacity }

    func note(_ events: [InboundEvent]) {
        memory.withLock { memory in
            for event in events where event.chatKind == .group {
                guard case .message(let message) = event.content, memory.people[message.id] == nil else { continue }
                memory.people[message.id] = event.sender.id
                memory.order.append(message.id)
            }
            let surplus = memory.order.count - capacity
            guard surplus > 0 else { return }
            for old in memory.order.prefix(surplus) { memory.people[old] = nil }
            memory.order.removeFirst(surplus)
        }
    }

    func asker(of message: MessageID) -> PersonID? { memory.withLock { $0.people[message] } }
}
