/// What is to happen at some time, in the order of time, then of asking.
struct TimerQueue {
    private struct Entry {
        let at: Duration
        let number: Int
        let action: @Sendable () -> Void

        func isBefore(_ other: Entry) -> Bool { at == other.at ? number < other.number : at < other.at }
    }

    /// A binary heap.
    private var entries: [Entry] = []
    private var next = 0

    var count: Int { entries.count }

    mutating func add(at time: Duration, _ action: @escaping @Sendable () -> Void) {
        next += 1
        entries.append(Entry(at: time, number: next, action: action))
        var child = entries.count - 1
        while child > 0, entries[child].isBefore(entries[(child - 1) / 2]) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func popFirst() -> (at: Duration, action: @Sendable () -> Void)? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        guard !entries.isEmpty else { return (first.at, first.action) }
        entries[0] = last
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < entries.count && entries[child].isBefore(entries[smallest]) { smallest = child }
            guard smallest != parent else { break }
            entries.swapAt(parent, smallest)
            parent = smallest
        }
        return (first.at, first.action)
    }
}
