/// Random numbers that depend on their seed only (SplitMix64: Steele, Lea and Flood 2014).
struct Chance: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// Chance of its own for `purpose`, so that one purpose draws nothing from another’s.
    init(seed: UInt64, for purpose: String) {
        // FNV-1a: Swift's own hashes differ from process to process.
        let mixed = purpose.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        self.init(seed: seed ^ mixed)
        _ = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// True once in `times` on average.
    mutating func isOnce(in times: Int) -> Bool { int(1...times) == 1 }

    mutating func duration(_ milliseconds: ClosedRange<Int>) -> Duration { .milliseconds(int(milliseconds)) }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[int(0...(elements.count - 1))] }
}
