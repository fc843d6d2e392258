extension Database {
    /// Runs `body` on the state as it is at one moment.
    func snapshot<Result>(_ body: () throws -> Result) throws -> Result {
        try run("BEGIN")
        defer { _ = try? run("COMMIT") }
        return try body()
    }

    /// Runs `body` in a transaction of its own, beside other processes; for a connection that no ``SQLiteStore`` uses.
    package func transaction<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try run("BEGIN IMMEDIATE")
        do {
            let result = try body(self)
            try run("COMMIT")
            return result
        } catch {
            _ = try? run("ROLLBACK")
            throw error
        }
    }

    /// Runs `body` so that what it throws undoes its own changes only.
    package func nested<Result>(_ body: () throws -> Result) throws -> Result {
        try run("SAVEPOINT job")
        do {
            let result = try body()
            try run("RELEASE job")
            return result
        } catch {
            // SQLite has given up the whole transaction: there is nothing to go back to.
            guard isInTransaction else { throw error }
            try run("ROLLBACK TO job")
            try run("RELEASE job")
            throw error
        }
    }
}
