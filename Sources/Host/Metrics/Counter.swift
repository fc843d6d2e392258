import Synchronization

/// A number that only grows, counted without a lock.
package final class Counter: Sendable {
    private let count = Atomic(0)

    package init() {}

    package var value: Int { count.load(ordering: .relaxed) }

    package func add(_ amount: Int = 1) { count.wrappingAdd(amount, ordering: .relaxed) }
}

/// A counter for each case of a closed enum: what is counted can take no other label.
package final class CounterSet<Label: CaseIterable & Hashable & Sendable>: Sendable {
    private let counters: [Label: Counter]

    package init() { counters = Dictionary(uniqueKeysWithValues: Label.allCases.map { ($0, Counter()) }) }

    /// In the order of the enum.
    package var values: [(label: Label, value: Int)] { Label.allCases.map { ($0, self[$0]) } }

    package subscript(label: Label) -> Int { counters[label]?.value ?? 0 }

    package func add(_ label: Label, _ amount: Int = 1) { counters[label]?.add(amount) }
}
