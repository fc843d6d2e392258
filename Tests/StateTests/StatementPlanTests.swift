import Foundation
import Testing

@testable import State

/// How SQLite carries out what the program asks of it: the time of an answer must not grow with what is remembered.
@Suite("Plans of statements")
struct StatementPlanTests {
    /// Indexes that hold only what is open or shown: all of it is what is asked for.
    private static let open: Set = [
        "turn_waiting", "turn_sent", "turn_untold", "post_due", "post_due_at", "conversation_loose",
        // At most so many that a person can answer them.
        "pairing_asked", "sqlite_autoindex_pairing_2", "set_aside_at",
        // The first fifty.
        "context_used",
    ]
    /// Tables that do not grow.
    private static let small: Set = ["migration", "last_context", "sqlite_sequence", "sqlite_schema"]

    @Test func `no statement looks through a table`() throws {
        try withDatabase { database in
            try database.callEverything()

            for statement in database.statementTexts where Self.isPlanned(statement) {
                for row in try database.run("EXPLAIN QUERY PLAN \(statement)") {
                    let step = row.text("detail") ?? ""
                    #expect(Self.isFine(step), "\(step): \(statement)")
                }
            }
        }
    }

    @Test func `every statement of the program is run here`() throws {
        try withDatabase { database in
            try database.callEverything()
            let run = database.statementTexts.map(Self.words)

            let written = try Self.writtenStatements()

            #expect(written.count > 100)
            for pieces in written {
                #expect(run.contains { Self.holds($0, pieces) }, "never run: \(pieces.joined(separator: "…"))")
            }
        }
    }

    @Test func `a row that goes is not looked for in the whole of another table`() throws {
        try withDatabase { database in
            let tables = try database.run("SELECT name FROM sqlite_schema WHERE type = 'table'")
                .compactMap { $0.text("name") }
            var keys = 0
            for table in tables {
                let indexes = try database.run("PRAGMA index_list(\(table))").filter { $0.integer("partial") == 0 }
                let first = try indexes.compactMap {
                    try database.run("PRAGMA index_info(\($0.text("name") ?? ""))").first?.text("name")
                }
                for key in try database.run("PRAGMA foreign_key_list(\(table))") {
                    keys += 1
                    #expect(first.contains(key.text("from") ?? ""), "\(table).\(key.text("from") ?? "")")
                }
            }
            #expect(keys >= 5)
        }
    }

    private static func isPlanned(_ statement: String) -> Bool {
        ["SELECT", "INSERT", "UPDATE", "DELETE"].contains { statement.hasPrefix($0) }
    }

    private static func isFine(_ step: String) -> Bool {
        let words = step.split(separator: " ").map(String.init)
        guard !step.contains("AUTOMATIC") else { return false }
        guard words.first == "SCAN", words.count > 1 else { return true }
        if small.contains(words[1]) || words[1] == "CONSTANT" { return true }
        return words.count > 2 && words.last.map(open.contains) == true
    }

    // MARK: The program’s text

    /// The statements in the program’s text, each as what stands between its interpolations.
    private static func writtenStatements() throws -> [[String]] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/Host/State/SQLite").standardized
        return try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".swift") && $0 != "Migrations.swift" }
            .flatMap { name in literals(in: try String(contentsOf: folder.appending(path: name), encoding: .utf8)) }
            .map(words)
            .filter(isPlanned)
            .map { text in
                text.replacing(#/\\\(.*?\)/#, with: "\u{0}").split(separator: "\u{0}").map(String.init)
            }
    }

    private static func literals(in source: String) -> [String] {
        source.matches(of: #/"""\n(?<long>[\s\S]*?)"""|"(?<short>[^"\n]*)"/#)
            .map { String($0.output.long ?? $0.output.short ?? "") }
    }

    private static func words(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func holds(_ text: String, _ pieces: [String]) -> Bool {
        var rest = text[...]
        for piece in pieces {
            guard let range = rest.range(of: piece) else { return false }
            rest = rest[range.upperBound...]
        }
        return true
    }
}
