import Basics
import SurfaceKit

extension Database {
    package func openPairing(
        of person: Sender,
        on surface: SurfaceID,
        in conversation: ConversationID,
        now: Timestamp
    ) throws -> String? {
        try forgetOldPairings(now: now)
        guard try !isPairingClosed(to: person.id, on: surface, now: now) else { return nil }
        let code = system.randomToken(length: PairingRecord.codeLength, alphabet: PairingRecord.alphabet)
        try run(
            "INSERT INTO pairing (code, surface, person, name, conversation, asked_at) VALUES (?, ?, ?, ?, ?, ?)",
            .text(code),
            .text(surface.rawValue),
            .text(person.id.rawValue),
            .text(person.name.onOneLine),
            SQLValue(conversation),
            SQLValue(now)
        )
        return code
    }

    package func isPairingClosed(to person: PersonID, on surface: SurfaceID, now: Timestamp) throws -> Bool {
        let open = try run(
            "SELECT person FROM pairing WHERE surface = ? AND asked_at > ?",
            .text(surface.rawValue),
            SQLValue(now - PairingRecord.lasts)
        )
        return open.count >= PairingRecord.mostOpen || open.contains { $0.text("person") == person.rawValue }
    }

    package func pairings() throws -> [PairingRecord] {
        try run("SELECT * FROM pairing ORDER BY asked_at, code").map(PairingRecord.init)
    }

    package func forgetOldPairings(now: Timestamp) throws {
        try run("DELETE FROM pairing WHERE asked_at <= ?", SQLValue(now - PairingRecord.lasts))
    }

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

    package func isApproved(_ person: PersonID, on surface: SurfaceID) throws -> Bool {
        try !run(
            "SELECT 1 FROM admitted WHERE surface = ? AND person = ?",
            .text(surface.rawValue),
            .text(person.rawValue)
        ).isEmpty
    }

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
}

extension PairingRecord {
    package init(_ row: SQLRow) throws(StoredFormError) {
        self.init(
            code: try row.text("code", of: "pairing"),
            surface: SurfaceID(try row.text("surface", of: "pairing")),
            person: PersonID(try row.text("person", of: "pairing")),
            name: row.text("name") ?? "",
            conversation: try row.id("conversation", of: "pairing"),
            askedAt: try row.time("asked_at", of: "pairing")
        )
    }
}
