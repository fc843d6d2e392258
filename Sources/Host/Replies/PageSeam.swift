import SurfaceKit

/// What holds two pages together: how the first is closed, and how the next takes up what was interrupted.
struct PageSeam {
    /// What ends the page behind its last byte.
    private(set) var closing: [UInt8] = []
    private(set) var next: PageCut

    init(at place: PageBreak, in window: PageWindow, _ outline: MarkdownOutline) {
        let line = outline.lines[place.line]
        let isLineStart = place.resume == line.bytes.lowerBound
        let indents = isLineStart ? line.indents : line.innerIndents
        var opening: [UInt8] = []
        switch line.content {
        case .fenced(let fence):
            let prefix = fence.prefix.withoutSpaces(upTo: indents.last ?? 0)
            closing = (window.bytes[place.end - 1].isNewline ? [] : Self.newline) + fence.prefix + fence.mark
            // An info string may be long, and nobody needs more of it than a language.
            let fenceLine = fence.opening.count <= fence.mark.count + 80 ? fence.opening : fence.mark
            opening = prefix + fenceLine + Self.newline + (isLineStart ? [] : prefix)
        case .row(let head) where isLineStart:
            for head in outline.lines[head] {
                opening += window.bytes[head.bytes].dropFirst(head.innerIndents.last ?? 0) + Self.newline
            }
        case .text where !isLineStart:
            opening += Self.quoteMarks(of: window.bytes[line.bytes]).withoutSpaces(upTo: indents.last ?? 0)
        default: break
        }
        next = window.cut(at: place.resume, opening: opening, indents: indents)
    }

    private static let newline = [UInt8(ascii: "\n")]

    private static func quoteMarks(of line: ArraySlice<UInt8>) -> [UInt8] {
        let marks = line.prefix { $0.isSpace || $0 == UInt8(ascii: ">") }
        guard let last = marks.lastIndex(of: UInt8(ascii: ">")) else { return [] }
        return marks[...last] + [UInt8(ascii: " ")]
    }
}

extension [UInt8] {
    fileprivate func withoutSpaces(upTo count: Int) -> ArraySlice<UInt8> {
        dropFirst(prefix(count).prefix { $0 == UInt8(ascii: " ") }.count)
    }
}
