/// Finds how many bytes of a text fit on a page in few measurements, whatever is measured.
///
/// Looks at whole steps from the beginning, so that the result is the same while the text goes on behind it; all bytes
/// count as one, too.
struct PageSearch {
    /// The size of a page.
    private let maximum: Int
    private let count: Int
    private let step: Int
    private let guess: Int
    private var low = Probe(bytes: 0, size: 0)
    private var high: Probe?
    private var probes = 0

    private struct Probe {
        let bytes: Int
        let size: Int
    }

    /// - Parameter guess: Bytes of a page, as far as one can tell.
    init(count: Int, maximum: Int, guess: Int) {
        self.count = count
        self.maximum = max(0, maximum)
        self.guess = max(1, guess)
        step = max(1, maximum / 32)
    }

    /// How many bytes are known to fit; what was searched when ``next`` is `nil`.
    var reach: Int { low.bytes }

    /// How many bytes should be measured; `nil` at the end.
    var next: Int? {
        if low.bytes == count { return nil }
        guard let high else {
            let next = max(outward, low.bytes + step)
            return next >= count ? count : next
        }
        let last = (high.bytes - 1) / step * step
        return last > low.bytes ? min(max(between(low, high), low.bytes + step), last) : nil
    }

    /// Takes note of the size of the bytes that ``next`` said.
    mutating func note(_ size: Int) {
        guard let bytes = next else { return }
        probes += 1
        if size <= maximum { low = Probe(bytes: bytes, size: size) } else { high = Probe(bytes: bytes, size: size) }
    }

    private var outward: Int {
        if low.bytes == 0 { return (guess + step - 1) / step * step }
        let likely = Double(low.bytes) * Double(maximum) / Double(max(1, low.size))
        return Int(min(likely, Double(4 * low.bytes))) / step * step
    }

    private func between(_ low: Probe, _ high: Probe) -> Int {
        // Sizes that grow in leaps would make proportions a slow guide.
        let share = probes.isMultiple(of: 2) ? 0.5 : Double(maximum - low.size) / Double(max(1, high.size - low.size))
        return low.bytes + Int(Double(high.bytes - low.bytes) * min(max(share, 0), 1)) / step * step
    }
}
