import SurfaceKit

/// A place where a page may end.
struct PageBreak: Sendable {
    /// How good a place is; the best first.
    enum Rank: Int, CaseIterable, Sendable {
        /// Between two blocks of the document.
        case block
        /// Between items, or blocks within an item or quote.
        case part
        /// Between lines of a paragraph or of code, or rows of a table.
        case line
        case sentence
        case word
        /// Between words within a link, a code span or emphasis, or below a heading.
        case enclosed
    }

    let rank: Rank
    /// Where the page ends.
    let end: Int
    /// Where the next page goes on: `end`, or behind the white space there.
    let resume: Int
    /// The line in which `resume` lies.
    let line: Int
}

/// Finds the places where a page may end.
///
/// Looks at nothing but the bytes that it is given, so that what an agent writes later moves no place found before.
struct PageBreaks {
    private let bytes: [UInt8]
    private let lines: [MarkdownOutline.Line]
    private let format: MessageText.Format
    /// No page ends before.
    private let start: Int
    private(set) var all: [PageBreak] = []

    init(in bytes: [UInt8], outline: MarkdownOutline, format: MessageText.Format, after start: Int) {
        self.bytes = bytes
        self.format = format
        self.start = start
        lines = outline.lines
        var index = 0
        while index < lines.count {
            let end = endOfParagraph(from: index)
            scanParagraph(index..<end)
            index = end
        }
    }

    /// Behind the last line of the paragraph, or other lines that are read together, that begins with line `index`.
    private func endOfParagraph(from index: Int) -> Int {
        guard case .text = lines[index].content else { return index + 1 }
        let others = lines[(index + 1)...].prefix { line in
            guard case .text = line.content, line.beginning == .nothing else { return false }
            return !isBlank(line)
        }
        return index + 1 + (isBlank(lines[index]) ? 0 : others.count)
    }

    private mutating func scanParagraph(_ range: Range<Int>) {
        let place = lines[range.lowerBound].bytes.lowerBound..<lines[range.upperBound - 1].bytes.upperBound
        let enclosed =
            format == .plain
            ? Array(repeating: false, count: place.count + 1)
            : InlineSpans.enclosed(in: bytes[place], isOpen: place.upperBound == bytes.count)
        for index in range {
            let line = lines[index].bytes
            addLineBreak(index, isEnclosed: enclosed[line.lowerBound - place.lowerBound])
            addWordBreaks(index) { enclosed[$0 - place.lowerBound] }
        }
    }

    private mutating func add(_ rank: PageBreak.Rank, end: Int, resume: Int, line: Int) {
        guard end > start, resume < bytes.count else { return }
        all.append(PageBreak(rank: rank, end: end, resume: resume, line: line))
    }

    /// Between any two characters, for words that are longer than a page.
    var betweenCharacters: [PageBreak] {
        var places: [PageBreak] = []
        var offset = 0
        var line = 0
        for character in String(decoding: bytes, as: UTF8.self) {
            while offset > lines[line].bytes.upperBound { line += 1 }
            if offset > start, mayDivide(at: offset, line) {
                places.append(PageBreak(rank: .enclosed, end: offset, resume: offset, line: line))
            }
            offset += character.utf8.count
        }
        return places
    }

    private func mayDivide(at offset: Int, _ index: Int) -> Bool {
        guard !bytes[offset].isSpace else { return false }
        if format == .plain { return true }
        let before = bytes[offset - 1]
        switch lines[index].content {
        case .fence: return false
        case .fenced: return !beginsFence(at: offset) && (offset > lines[index].bytes.lowerBound || isFenced(index - 1))
        case .code: return true
        case .text, .row, .table: return !Self.marks.contains(before) && !beginsBlock(at: offset)
        }
    }

    private static let marks = Array("\\`*_~[]()<>|".utf8)

    private func isFenced(_ index: Int) -> Bool { if case .fenced = lines[index].content { true } else { false } }

    // MARK: Between lines

    private mutating func addLineBreak(_ index: Int, isEnclosed: Bool) {
        let line = lines[index]
        guard index > 0, !isBlank(line), let rank = rank(before: index, isEnclosed: isEnclosed) else { return }
        let begin = line.bytes.lowerBound
        guard case .text = line.content, line.beginning == .nothing else {
            return add(rank, end: isFenced(index) ? begin : trimmed(begin), resume: begin, line: index)
        }
        // Spaces that mean nothing within a paragraph would mean code at the beginning of a page.
        let resume = bytes[line.bytes].firstIndex { !$0.isSpace } ?? begin
        guard !beginsBlock(at: resume) || bytes[resume] == UInt8(ascii: ">") else { return }
        add(rank, end: trimmed(begin), resume: bytes[resume] == UInt8(ascii: ">") ? begin : resume, line: index)
    }

    private func rank(before index: Int, isEnclosed: Bool) -> PageBreak.Rank? {
        switch (lines[index].content, lines[index].beginning) {
        case (.fenced(let fence), _):
            guard isFenced(index - 1) else { return nil }
            // Nothing but the closing fence may be left of a code block, also while only a part of it is there.
            let isLeft = bytes[lines[index].bytes].contains { !$0.isSpace && $0 != fence.mark.first && $0 != 0x3E }
            return isLeft ? .line : nil
        case (_, .block): return .block
        case (_, .part): return .part
        case (_, .underHeading): return .enclosed
        case (.row, .nothing), (.code, .nothing): return .line
        case (.text, .nothing): return isEnclosed ? .enclosed : .line
        case (.table, .nothing), (.fence, .nothing): return nil
        }
    }

    private func isBlank(_ line: MarkdownOutline.Line) -> Bool {
        bytes.ink(from: line.bytes.lowerBound, upTo: line.bytes.upperBound) == line.bytes.upperBound
    }

    /// The end of what is not white space before `offset`.
    private func trimmed(_ offset: Int) -> Int {
        offset - bytes[..<offset].reversed().prefix { $0.isSpace }.count
    }

    // MARK: Within a line

    private mutating func addWordBreaks(_ index: Int, isEnclosed: (Int) -> Bool) {
        let line = lines[index]
        var offset = format == .plain ? line.bytes.lowerBound : contentStart(of: line.bytes)
        while true {
            let space = bytes.space(from: offset, upTo: line.bytes.upperBound)
            let next = bytes.ink(from: space, upTo: line.bytes.upperBound)
            if next == line.bytes.upperBound { return }
            offset = next
            guard beginsCharacter(at: next) else { continue }
            switch line.content {
            case .fenced, .code: if !beginsFence(at: next) { add(.enclosed, end: next, resume: next, line: index) }
            case .fence: break
            case .row, .table: add(.enclosed, end: space, resume: next, line: index)
            case .text where beginsBlock(at: next): break
            case .text:
                let rank = isEnclosed(space) ? PageBreak.Rank.enclosed : endsSentence(at: space) ? .sentence : .word
                add(rank, end: space, resume: next, line: index)
            }
        }
    }

    /// Behind the marks of quotes, items, tasks and headings with which a line begins.
    private func contentStart(of line: Range<Int>) -> Int {
        var offset = line.lowerBound
        while offset < line.upperBound {
            let token = bytes[offset..<bytes.space(from: offset, upTo: line.upperBound)]
            guard
                token.isEmpty || token.first == UInt8(ascii: ">")
                    || token.first == UInt8(ascii: "[") && token.count <= 3
                    || beginsBlock(at: offset)
            else { return offset }
            let behind = token.first == UInt8(ascii: ">") ? offset + 1 : token.endIndex
            offset = bytes.ink(from: behind, upTo: line.upperBound)
        }
        return offset
    }

    /// Whether a page that begins with the bytes at `offset` might read them as the mark of a block.
    private func beginsBlock(at offset: Int) -> Bool {
        guard format == .markdown, offset < bytes.count else { return false }
        let first = bytes[offset]
        // Marks are short, and words that may be long are none.
        let token = first.isWord && !first.isDigit ? [] : bytes[offset...].prefix(80) { !$0.isSpace }
        switch first {
        case UInt8(ascii: ">"): return true
        case UInt8(ascii: "#"): return token.count <= 6 && token.allSatisfy { $0 == first }
        case UInt8(ascii: "`"), UInt8(ascii: "~"): return beginsFence(at: offset)
        case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "*"), UInt8(ascii: "="), UInt8(ascii: "_"):
            return token.allSatisfy { $0 == first }
        case _ where first.isDigit:
            let rest = token.drop { $0.isDigit }
            return rest.isEmpty && token.endIndex == bytes.count
                || rest.count == 1 && (rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: ")"))
        default: return false
        }
    }

    private func beginsFence(at offset: Int) -> Bool {
        let mark = bytes[offset]
        guard mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else { return false }
        let run = bytes[offset...].prefix { $0 == mark }
        return run.count >= 3 || run.endIndex == bytes.count
    }

    private func beginsCharacter(at offset: Int) -> Bool {
        guard bytes[offset] >= 0x80 else { return true }
        let end = bytes[(offset + 1)...].prefix(3) { $0 & 0xC0 == 0x80 }.endIndex
        return String(decoding: [UInt8(ascii: " ")] + bytes[offset..<end], as: UTF8.self).count > 1
    }

    private func endsSentence(at offset: Int) -> Bool {
        let closing = "\"')]*_~`»”’".unicodeScalars
        let end = String(decoding: bytes[max(0, offset - 12)..<offset], as: UTF8.self).unicodeScalars
        guard let last = end.last(where: { !closing.contains($0) }) else { return false }
        return ".!?…。！？".unicodeScalars.contains(last)
    }
}
