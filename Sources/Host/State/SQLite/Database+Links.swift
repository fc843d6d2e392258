import Basics
import SurfaceKit

extension Database {
    // MARK: Who is who

    package func owner(of account: Account) throws -> ContextOwner {
        let rows = try run(
            "SELECT owner FROM account WHERE surface = ? AND person = ?",
            .text(account.surface.rawValue),
            .text(account.person.rawValue)
        )
        return try rows.first.map { try ContextOwner(stored: $0.text("owner")) } ?? account.alone
    }

    package func link(_ account: Account, _ other: Account) throws {
        let (left, right) = (try owner(of: account), try owner(of: other))
        let taken = try contexts(of: left).compactMap(\.name)
        for context in try contexts(of: right) {
            guard let name = context.name, taken.contains(where: { $0.lowercased() == name.lowercased() }) else {
                continue
            }
            let names = taken + (try contexts(of: right).compactMap(\.name))
            try setName(ContextRecord.freeName(like: name, among: names), of: context.id)
        }
        let together = ContextOwner(.people, system.randomToken(length: 22))
        for (account, owner) in [(account, left), (other, right)] {
            try run("UPDATE account SET owner = ? WHERE owner = ?", .text(together.rawValue), .text(owner.rawValue))
            try run("UPDATE context SET owner = ? WHERE owner = ?", .text(together.rawValue), .text(owner.rawValue))
            try run(
                "INSERT OR REPLACE INTO account (surface, person, owner) VALUES (?, ?, ?)",
                .text(account.surface.rawValue),
                .text(account.person.rawValue),
                .text(together.rawValue)
            )
        }
    }

    package func unlink(_ account: Account) throws -> Bool {
        let owner = try owner(of: account)
        guard owner != account.alone else { return false }
        try separate(account)
        let rest = try run("SELECT * FROM account WHERE owner = ?", .text(owner.rawValue))
        if rest.count == 1, let surface = rest[0].text("surface"), let person = rest[0].text("person") {
            try separate(Account(surface: SurfaceID(surface), person: PersonID(person)))
        }
        return true
    }

    private func separate(_ account: Account) throws {
        try run(
            "UPDATE context SET owner = origin WHERE origin = ?",
            .text(account.alone.rawValue)
        )
        try run(
            "DELETE FROM account WHERE surface = ? AND person = ?",
            .text(account.surface.rawValue),
            .text(account.person.rawValue)
        )
    }

    // MARK: Codes

    package func makeLinkCode(
        for giver: Account,
        called name: String,
        in conversation: ConversationID,
        now: Timestamp
    ) throws -> String {
        let code = system.randomToken(length: PairingRecord.codeLength, alphabet: PairingRecord.alphabet)
        try run(
            "INSERT OR REPLACE INTO link_code (surface, person, name, conversation, code, at) VALUES (?, ?, ?, ?, ?, ?)",
            .text(giver.surface.rawValue),
            .text(giver.person.rawValue),
            .text(name.onOneLine),
            SQLValue(conversation),
            .text(code),
            SQLValue(now)
        )
        return code
    }

    /// Forgets codes and offers that are no longer good, and guesses that no longer count.
    package func forgetOldLinks(now: Timestamp) throws {
        for table in ["link_code", "link_offer"] {
            try run("DELETE FROM \(table) WHERE at <= ?", SQLValue(now - LinkRecord.lasts))
        }
        try run("DELETE FROM link_guess WHERE at <= ?", SQLValue(now - LinkRecord.memory))
    }

    package func takeLinkCode(_ code: String, now: Timestamp) throws -> LinkRecord? {
        try forgetOldLinks(now: now)
        return try run("DELETE FROM link_code WHERE code = ? RETURNING *", .text(code.uppercased())).first
            .map(LinkRecord.init)
    }

    package func offerLink(_ link: LinkRecord, to account: Account, now: Timestamp) throws {
        try run(
            """
            INSERT OR REPLACE INTO link_offer (to_surface, to_person, surface, person, name, conversation, at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            .text(account.surface.rawValue),
            .text(account.person.rawValue),
            .text(link.giver.surface.rawValue),
            .text(link.giver.person.rawValue),
            .text(link.name),
            SQLValue(link.conversation),
            SQLValue(now)
        )
    }

    package func takeLinkOffer(to account: Account, now: Timestamp) throws -> LinkRecord? {
        try forgetOldLinks(now: now)
        return try run(
            "DELETE FROM link_offer WHERE to_surface = ? AND to_person = ? RETURNING *",
            .text(account.surface.rawValue),
            .text(account.person.rawValue)
        ).first.map(LinkRecord.init)
    }

    package func linkGuesses(of account: Account, now: Timestamp) throws -> Int {
        try forgetOldLinks(now: now)
        return Int(
            try run(
                "SELECT count(*) AS n FROM link_guess WHERE surface = ? AND person = ?",
                .text(account.surface.rawValue),
                .text(account.person.rawValue)
            ).first?.integer("n") ?? 0
        )
    }

    package func noteLinkGuess(of account: Account, now: Timestamp) throws {
        try run(
            "INSERT INTO link_guess VALUES (?, ?, ?)",
            .text(account.surface.rawValue),
            .text(account.person.rawValue),
            SQLValue(now)
        )
    }
}

extension LinkRecord {
    package init(_ row: SQLRow) throws(StoredFormError) {
        let person = try row.text("person", of: "link")
        giver = Account(surface: SurfaceID(try row.text("surface", of: "link")), person: PersonID(person))
        name = row.text("name") ?? person
        conversation = try row.id("conversation", of: "link")
    }
}
