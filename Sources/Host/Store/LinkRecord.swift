import Basics
import SurfaceKit

/// An account of a person on one surface.
package struct Account: Hashable, Sendable {
    package let surface: SurfaceID
    package let person: PersonID
}

/// A code that was given to one account, or one that another account has typed.
struct LinkRecord: Hashable, Sendable {
    /// How long a code, and the question that follows it, can be answered.
    static let lasts = Duration.seconds(600)
    /// Wrong codes of one account in an hour; then none of it counts any more.
    static let mostGuesses = 5
    static let memory = Duration.seconds(3600)

    /// The account that the code was given to.
    let giver: Account
    let name: String
    /// Its private chat.
    let conversation: Int64
}

extension Database {
    // MARK: Who is who

    /// Who owns what `account` begins: the account itself, or the person that several accounts are.
    func owner(of account: Account) throws -> ContextOwner {
        let rows = try run(
            "SELECT owner FROM account WHERE surface = ? AND person = ?",
            .text(account.surface.rawValue),
            .text(account.person.rawValue)
        )
        return rows.first?.text("owner").map { ContextOwner(rawValue: $0) } ?? account.alone
    }

    /// Makes two accounts, with all that each is linked to, one person.
    ///
    /// A name that both had gets a number behind it on the side of `other`.
    func link(_ account: Account, _ other: Account) throws {
        let (left, right) = (try owner(of: account), try owner(of: other))
        let taken = try contexts(of: left).compactMap(\.name)
        for context in try contexts(of: right) {
            guard let name = context.name, taken.contains(where: { $0.lowercased() == name.lowercased() }) else {
                continue
            }
            let names = taken + (try contexts(of: right).compactMap(\.name))
            try setName(ContextRecord.freeName(like: name, among: names), of: context.id)
        }
        let together = ContextOwner(rawValue: "people:\(randomToken(length: 22))")
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

    /// Makes `account` a person of its own again, with the contexts that were begun on it.
    ///
    /// - Returns: Whether it was linked.
    func unlink(_ account: Account) throws -> Bool {
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

    /// A code for `giver`; an earlier one of the same account counts no more.
    func makeLinkCode(for giver: Account, called name: String, in conversation: Int64, now: Timestamp) throws -> String
    {
        let code = randomToken(length: PairingRecord.codeLength, alphabet: PairingRecord.alphabet)
        try run(
            "INSERT OR REPLACE INTO link_code (surface, person, name, conversation, code, at) VALUES (?, ?, ?, ?, ?, ?)",
            .text(giver.surface.rawValue),
            .text(giver.person.rawValue),
            .text(name.onOneLine),
            .integer(conversation),
            .text(code),
            SQLValue(now)
        )
        return code
    }

    /// Forgets codes and offers that are no longer good, and guesses that no longer count.
    func forgetOldLinks(now: Timestamp) throws {
        for table in ["link_code", "link_offer"] {
            try run("DELETE FROM \(table) WHERE at <= ?", SQLValue(now - LinkRecord.lasts))
        }
        try run("DELETE FROM link_guess WHERE at <= ?", SQLValue(now - LinkRecord.memory))
    }

    /// Who was given `code`, which is used up by this; `nil` when it is unknown or too old.
    func takeLinkCode(_ code: String, now: Timestamp) throws -> LinkRecord? {
        try forgetOldLinks(now: now)
        return try run("DELETE FROM link_code WHERE code = ? RETURNING *", .text(code.uppercased())).first
            .map(LinkRecord.init)
    }

    /// Notes that `account` was told whose code it typed.
    func offerLink(_ link: LinkRecord, to account: Account, now: Timestamp) throws {
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
            .integer(link.conversation),
            SQLValue(now)
        )
    }

    /// What `account` was offered last, which is used up by this; `nil` when there is none or it is too old.
    func takeLinkOffer(to account: Account, now: Timestamp) throws -> LinkRecord? {
        try forgetOldLinks(now: now)
        return try run(
            "DELETE FROM link_offer WHERE to_surface = ? AND to_person = ? RETURNING *",
            .text(account.surface.rawValue),
            .text(account.person.rawValue)
        ).first.map(LinkRecord.init)
    }

    /// Wrong codes that `account` typed within the hour.
    func linkGuesses(of account: Account, now: Timestamp) throws -> Int {
        try forgetOldLinks(now: now)
        return Int(
            try run(
                "SELECT count(*) AS n FROM link_guess WHERE surface = ? AND person = ?",
                .text(account.surface.rawValue),
                .text(account.person.rawValue)
            ).first?.integer("n") ?? 0
        )
    }

    func noteLinkGuess(of account: Account, now: Timestamp) throws {
        try run(
            "INSERT INTO link_guess VALUES (?, ?, ?)",
            .text(account.surface.rawValue),
            .text(account.person.rawValue),
            SQLValue(now)
        )
    }
}

extension Account {
    /// The owner that an account is while it is linked to none.
    var alone: ContextOwner { .person(person, on: surface) }
}

extension LinkRecord {
    init(_ row: SQLRow) throws {
        guard let surface = row.text("surface"), let person = row.text("person"),
            let conversation = row.integer("conversation")
        else { throw StoreError.unusable(reason: "a link row cannot be read") }
        giver = Account(surface: SurfaceID(surface), person: PersonID(person))
        name = row.text("name") ?? person
        self.conversation = conversation
    }
}
