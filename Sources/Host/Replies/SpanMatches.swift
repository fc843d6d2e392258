/// Where the parentheses of a paragraph and its runs of backticks are closed, found in one pass.
struct SpanMatches {
    /// For each opening parenthesis the offset behind the one that closes it.
    private(set) var parentheses: [Int: Int] = [:]
    /// For each length the ends of the runs of backticks that have it.
    private var runs: [Int: [Int]] = [:]

    init(in bytes: ArraySlice<UInt8>) {
        var open: [Int] = []
        var isEscaped = false
        var run = 0
        for offset in bytes.startIndex..<bytes.endIndex {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "`") {
                run += 1
            } else if run > 0 {
                runs[run, default: []].append(offset)
                run = 0
            }
            switch byte {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\"): isEscaped = true
            case UInt8(ascii: "("): open.append(offset)
            case UInt8(ascii: ")"): if let start = open.popLast() { parentheses[start] = offset + 1 }
            default: break
            }
        }
        if run > 0 { runs[run, default: []].append(bytes.endIndex) }
    }

    /// The end of the code span that begins with the backticks at `opening`.
    func endOfCode(from opening: Range<Int>) -> Int? {
        guard let ends = runs[opening.count] else { return nil }
        var (low, high) = (0, ends.count)
        while low < high {
            let middle = (low + high) / 2
            if ends[middle] > opening.upperBound { high = middle } else { low = middle + 1 }
        }
        return low < ends.count ? ends[low] : nil
    }
}
