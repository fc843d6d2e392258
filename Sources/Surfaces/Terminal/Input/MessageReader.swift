import Basics
import SurfaceKit

/// Makes messages of bytes.
///
/// A line is a message. One that ends in a backslash goes on in the next line; to end a message with a backslash, write
/// two. What shows nothing is no message.
struct MessageReader {
    enum Typed: Hashable {
        case message(String)
        /// Longer than ``maximum``, and left out.
        case tooLong
    }

    /// In bytes.
    static let maximum = 1 << 20

    private var line: [UInt8] = []
    private var message: [String] = []
    private var size = 0

    /// - Returns: The lines that `bytes` complete, and the messages that these complete.
    mutating func read(_ bytes: ArraySlice<UInt8>) -> (lines: [String], messages: [Typed]) {
        var (lines, messages): ([String], [Typed]) = ([], [])
        for piece in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if piece.offset > 0 {
                let (line, typed) = endLine()
                lines.append(line)
                messages += typed
            }
            size += piece.element.count
            if size <= Self.maximum { line += piece.element }
        }
        return (lines, messages)
    }

    /// What was begun and will not be completed.
    mutating func end() -> [Typed] {
        let typed = endLine().typed
        return typed + finish()
    }

    private mutating func endLine() -> (line: String, typed: [Typed]) {
        let text = String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        line = []
        guard text.hasSuffix("\\") else {
            message.append(text)
            return (text, finish())
        }
        message.append(String(text.dropLast()))
        return (text, text.hasSuffix("\\\\") ? finish() : [])
    }

    private mutating func finish() -> [Typed] {
        let (text, isTooLong) = (message.joined(separator: "\n"), size > Self.maximum)
        message = []
        size = 0
        if isTooLong { return [.tooLong] }
        return text.showsSomething ? [.message(text)] : []
    }
}
