import Basics
import Glibc
import SurfaceKit

/// What a person typed, understood.
enum TypedMessage: Hashable {
    case text(String)
    case file(InboundFile, caption: String)
    /// What is wrong with it, for the person: nothing of it reaches the agent.
    case mistake(String)

    private static let command = "/file"

    init(_ typed: MessageReader.Typed) {
        switch typed {
        case .tooLong: self = .mistake("A message has at most \(MessageReader.maximum) bytes; this one was left out.")
        case .message(let text): self = Self.attachment(text) ?? .text(text)
        }
    }

    /// `/file PATH`, and what to say to it in the lines below.
    private static func attachment(_ text: String) -> TypedMessage? {
        let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        let words = lines[0].split(separator: " ", maxSplits: 1)
        guard words.first.map(String.init) == command else { return nil }
        let path = unquoted(words.count > 1 ? words[1].trimmed() : "")
        guard !path.isEmpty else {
            return .mistake("Write \(command) PATH; end the line with \\ to say something to it.")
        }
        let place = Path.absolute(path)
        guard let file = LocalFile(path: place) else {
            return .mistake("\(Visible.text(path)) is not a file that this user may read.")
        }
        let name = place.split(separator: "/").last.map(String.init) ?? "file"
        let type = FileType.named(name)
        let inbound = InboundFile(
            reference: FileReference(place),
            kind: type.kind,
            name: name,
            mimeType: type.mimeType,
            size: file.size
        )
        return .file(inbound, caption: lines.count > 1 ? String(lines[1]) : "")
    }

    /// A file that is dropped on a terminal comes in quotes.
    private static func unquoted(_ path: String) -> String {
        for quote in ["'", "\""] where path.count > 1 && path.hasPrefix(quote) && path.hasSuffix(quote) {
            return String(path.dropFirst().dropLast())
        }
        return path
    }
}

/// Paths as people write them.
enum Path {
    /// With `~/` and what is relative to the working folder resolved.
    static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        if path.hasPrefix("~/"), let home = getenv("HOME") { return String(cString: home) + path.dropFirst() }
        guard let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return "\(String(cString: folder))/\(path)"
    }
}
