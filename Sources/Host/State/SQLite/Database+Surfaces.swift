import Basics
import SurfaceKit

extension Database {
    package func checkpoint(of surface: SurfaceID) throws -> Checkpoint? {
        try run("SELECT value FROM checkpoint WHERE surface = ?", .text(surface.rawValue))
            .first?.text("value").map { Checkpoint($0) }
    }

    package func setCheckpoint(_ checkpoint: Checkpoint?, of surface: SurfaceID) throws {
        guard let checkpoint else {
            try run("DELETE FROM checkpoint WHERE surface = ?", .text(surface.rawValue))
            return
        }
        try run(
            "INSERT INTO checkpoint VALUES (?, ?) ON CONFLICT (surface) DO UPDATE SET value = excluded.value",
            .text(surface.rawValue),
            .text(checkpoint.rawValue)
        )
    }

    package func takeEvent(_ event: EventID, of surface: SurfaceID, now: Timestamp) throws -> Bool {
        try run(
            "INSERT OR IGNORE INTO seen VALUES (?, ?, ?)",
            .text(surface.rawValue),
            .text(event.rawValue),
            SQLValue(now)
        )
        return changes == 1
    }

    package func value(_ key: String, of surface: SurfaceID) throws -> String? {
        try run(
            "SELECT value FROM surface_state WHERE surface = ? AND key = ?",
            .text(surface.rawValue),
            .text(key)
        ).first?.text("value")
    }

    package func values(withPrefix prefix: String, of surface: SurfaceID) throws -> [String: String] {
        let rows =
            if let end = prefix.afterAllThatBeginWithIt {
                try run(
                    "SELECT key, value FROM surface_state WHERE surface = ? AND key >= ? AND key < ?",
                    .text(surface.rawValue),
                    .text(prefix),
                    .text(end)
                )
            } else {
                try run(
                    "SELECT key, value FROM surface_state WHERE surface = ? AND key >= ?",
                    .text(surface.rawValue),
                    .text(prefix)
                )
            }
        return Dictionary(rows.map { ($0.text("key") ?? "", $0.text("value") ?? "") }) { _, last in last }
    }

    /// `nil` before the first was made.
    package func webhookSecret(of surface: SurfaceID) throws -> String? {
        try run("SELECT secret FROM webhook WHERE surface = ?", .text(surface.rawValue)).first?.text("secret")
    }

    package func makeWebhookSecret(of surface: SurfaceID) throws -> String {
        if let secret = try webhookSecret(of: surface) { return secret }
        let secret = system.randomToken(length: 43)
        try run("INSERT INTO webhook VALUES (?, ?)", .text(surface.rawValue), .text(secret))
        return secret
    }

    package func apply(_ changes: [StateChange], of surface: SurfaceID) throws {
        for change in changes {
            guard let value = change.value else {
                try run(
                    "DELETE FROM surface_state WHERE surface = ? AND key = ?",
                    .text(surface.rawValue),
                    .text(change.key)
                )
                continue
            }
            try run(
                """
                INSERT INTO surface_state VALUES (?, ?, ?) ON CONFLICT (surface, key) DO UPDATE SET value = excluded.value
                """,
                .text(surface.rawValue),
                .text(change.key),
                .text(value)
            )
        }
    }
}

extension String {
    /// The first text, in the order of code points, behind all that begin with this one; `nil` when there is none.
    fileprivate var afterAllThatBeginWithIt: String? {
        var scalars = Array(unicodeScalars)
        while let last = scalars.popLast() {
            // Surrogates are no characters: what follows U+D7FF is U+E000.
            guard let next = Unicode.Scalar(last.value + 1) ?? (last.value == 0xD7FF ? "\u{E000}" : nil) else {
                continue
            }
            return String(String.UnicodeScalarView(scalars + [next]))
        }
        return nil
    }
}
