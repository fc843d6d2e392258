import Foundation
import SurfaceConformance
import SurfaceKit
import Testing

@testable import Terminal

@Suite("What is typed")
struct InputTests {
    @Test(
        arguments: [
            ("one\ntwo\n", ["one", "two"]), ("\n  \n\t\n", []), ("one\\\ntwo\n", ["one\ntwo"]),
            ("C:\\\\\nnext\n", ["C:\\", "next"]), ("\\\\\\\n", ["\\\\"]), ("a\r\nb\r\n", ["a", "b"]),
            ("unfinished", ["unfinished"]), ("unfinished\\", ["unfinished"]), ("a\\\n", ["a\n"]),
            ("a\\\n\\\nb\n", ["a\n\nb"]),
        ] as [(String, [String])]
    )
    func `becomes messages, in whatever pieces it comes`(typed: String, messages: [String]) {
        for size in [1, 3, 1000] {
            var reader = MessageReader()
            var found: [MessageReader.Typed] = []
            var rest = Array(typed.utf8)[...]
            while !rest.isEmpty {
                found += reader.read(rest.prefix(size)).messages
                rest = rest.dropFirst(size)
            }
            found += reader.end()

            #expect(found == messages.map { .message($0) }, "in pieces of \(size)")
        }
    }

    @Test func `is left out when it is too long, and said so`() {
        var reader = MessageReader()

        var found = reader.read(Array(repeating: 65, count: MessageReader.maximum)[...]).messages
        found += reader.read(Array("\nmore\\\n".utf8)[...]).messages
        found += reader.read(Array(repeating: 65, count: MessageReader.maximum)[...]).messages
        found += reader.read(Array("\nlast\n".utf8)[...]).messages

        #expect(found.count == 3)
        #expect(found.dropFirst() == [.tooLong, .message("last")])
    }

    @Test func `can be a file, with its kind and what is said to it`() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "a \(UUID().uuidString).PNG").path
        try Data([1, 2, 3]).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }

        for written in [path, "'\(path)'", "\"\(path)\" "] {
            guard case .file(let file, let caption) = TypedMessage(.message("/file \(written)\nwhat\nis it?")) else {
                Issue.record("\(written) is no file")
                continue
            }
            #expect(caption == "what\nis it?")
            #expect(file.reference.rawValue == path)
            #expect((file.kind, file.mimeType, file.size) == (.image, "image/png", 3))
        }
    }

    @Test(arguments: ["/file", "/file  ", "/file /no/such/file", "/file /dev/null", "/file /"])
    func `is answered on the spot when it cannot be a file`(text: String) {
        guard case .mistake(let words) = TypedMessage(.message(text)) else {
            Issue.record("\(text) is taken")
            return
        }
        #expect(!words.isEmpty)
    }

    @Test(arguments: ["/files", "/filet mignon", "a /file b", "/new"])
    func `is text when it only looks like a file`(text: String) {
        #expect(TypedMessage(.message(text)) == .text(text))
    }
}
