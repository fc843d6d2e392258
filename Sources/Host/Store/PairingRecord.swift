import Basics
import SurfaceKit

/// A stranger who asks to be let in.
package struct PairingRecord: Hashable, Sendable {
    /// How long a code is good.
    package static let lasts = Duration.seconds(3600)
    /// Most requests that are open on one surface; beyond that strangers are ignored.
    static let mostOpen = 20
    /// What people can read to each other: no `I`, `L`, `O`, `0` or `1`.
    static let alphabet: StaticString = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
    static let codeLength = 8

    package let code: String
    package let surface: SurfaceID
    package let person: PersonID
    /// What the messenger calls the person; one line.
    package let name: String
    /// Where the code was given.
    package let conversation: Int64
    package let askedAt: Timestamp
}

extension Database {
    /// Opens a request for `person`.
    ///
    /// - Returns: Its code; `nil` when one is open already, or when too many are.
    func openPairing(of person: Sender, on surface: SurfaceID, in conversation: Int64, now: Timestamp) throws -> String?
    {
        try forgetOldPairings(now: now)
        let open = try pairings().filter { $0.surface == surface }
        guard open.count < PairingRecord.mostOpen, !open.contains(where: { $0.person == person.id }) else { return nil }
        let code = randomToken(length: PairingRecord.codeLength, alphabet: PairingRecord.alphabet)
        try run(
            "INSERT INTO pairing (code, surface, person, name, conversation, asked_at) VALUES (?, ?, ?, ?, ?, ?)",
            .text(code),
            .text(surface.rawValue),
            .text(person.id.rawValue),
            .text(person.name.onOneLine),
            .integer(conversation),
            SQLValue(now)
        )
        return code
    }

    /// Whether a request of `person` would be ignored: one is open, or too many are.
    func isPairingClosed(to person: PersonID, on surface: SurfaceID, now: Timestamp) throws -> Bool {
        try forgetOldPairings(now: now)
        let open = try pairings().filter { $0.surface == surface }
        return open.count >= PairingRecord.mostOpen || open.contains { $0.person == person }
    }

    /// The requests that are open, oldest first.
    package func pairings() throws -> [PairingRecord] {
        try run("SELECT * FROM pairing ORDER BY asked_at, code").map(PairingRecord.init)
    }

    package func forgetOldPairings(now: Timestamp) throws {
        try run("DELETE FROM pairing WHERE asked_at <= ?", SQLValue(now - PairingRecord.lasts))
    }

    /// Lets the person in who was given `code`; `nil` when it is unknown or too old.
    package func approvePairing(_ code: String, now: Timestamp) throws -> PairingRecord? {
        try forgetOldPairings(now: now)
        guard let row = try run("DELETE FROM pairing WHERE code = ? RETURNING *", .text(code.uppercased())).first else {
            return nil
        }
        let request = try PairingRecord(row)
        try run(
            "INSERT OR REPLACE INTO admitted (surface, person, name, at) VALUES (?, ?, ?, ?)",
            .text(request.surface.rawValue),
            .text(request.person.rawValue),
            .text(request.name),
            SQLValue(now)
        )
        return request
    }

    /// Whether an operator let `person` in.
    func isApproved(_ person: PersonID, on surface: SurfaceID) throws -> Bool {
        try !run(
            "SELECT 1 FROM admitted WHERE surface = ? AND person = ?",
            .text(surface.rawValue),
            .text(person.rawValue)
        ).isEmpty
    }

    /// Takes an approval back, with the questions that wait; false when there was none.
    package func revokeApproval(of person: PersonID, on surface: SurfaceID, now: Timestamp) throws -> Bool {
        try run(
            "DELETE FROM admitted WHERE surface = ? AND person = ?",
            .text(surface.rawValue),
            .text(person.rawValue)
        )
        guard changes > 0 else { return false }
        try run(
            """
            UPDATE turn SET state = 'ended', ended_at = ?, ending = 'withdrawn' WHERE state = 'waiting' AND sender = ?
            AND conversation IN (SELECT id FROM conversation WHERE surface = ?)
            """,
            SQLValue(now),
            .text(person.rawValue),
            .text(surface.rawValue)
        )
        return true
    }

    /// Changes whenever another process has changed the database.
    func foreignChanges() throws -> Int64 { try run("PRAGMA data_version").first?.integer("data_version") ?? 0 }
}

extension PairingRecord {
    init(_ row: SQLRow) throws {
        guard
            let code = row.text("code"), let surface = row.text("surface"), let person = row.text("person"),
            let conversation = row.integer("conversation"), let askedAt = row.time("asked_at")
        else { throw StoreError.unusable(reason: "a pairing row cannot be read") }
        self.init(
            code: code,
            surface: SurfaceID(surface),
            person: PersonID(person),
            name: row.text("name") ?? "",
            conversation: conversation,
            askedAt: askedAt
        )
    }
}

extension String {
    /// At most 64 characters without line breaks and other controls, which could forge a line of a list.
    var onOneLine: String {
        String(prefix(64).map { $0.unicodeScalars.contains { $0.properties.generalCategory.isControl } ? " " : $0 })
            .trimmed()
    }
}

extension Unicode.GeneralCategory {
    fileprivate var isControl: Bool {
        switch self {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: false
        }
    }
}
