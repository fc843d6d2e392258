/// The brackets and emphasis marks that are open, the innermost last.
struct SpanOpeners {
    private(set) var all: [(mark: UInt8, offset: Int)] = []
    /// For each mark where in `all` it stands.
    private var places: [UInt8: [Int]] = [:]

    mutating func append(_ mark: UInt8, at offset: Int) {
        places[mark, default: []].append(all.count)
        all.append((mark, offset))
    }

    /// Closes the last opener with `mark` and all within it.
    ///
    /// - Returns: Where it was; `nil` when none is open.
    mutating func close(_ mark: UInt8) -> Int? {
        guard let place = places[mark]?.last else { return nil }
        let offset = all[place].offset
        while all.count > place { places[all.removeLast().mark]?.removeLast() }
        return offset
    }
}
