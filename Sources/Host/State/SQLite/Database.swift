import Basics
import CSQLite
import FoundationEssentials

/// One SQLite connection.
///
/// Used by one thread.
package final class Database {
    /// Makes what nobody may guess.
    let system: any System
    private let handle: OpaquePointer
    private var statements: [String: Statement] = [:]
    private var isOpen = true
    private var isSynchronous = true

    /// A statement that is kept ready.
    private struct Statement {
        let handle: OpaquePointer
        let columns: SQLColumns
    }

    /// What a connection is for.
    package enum Access: Sendable {
        case writing, reading
    }

    package init(
        path: String,
        access: Access = .writing,
        system: any System = OperatingSystem()
    ) throws(StateError) {
        self.system = system
        var opened: OpaquePointer?
        let status = sqlite3_open_v2(
            path,
            &opened,
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
            nil
        )
        guard let opened else { throw .unwritable(reason: "no memory for a database connection") }
        handle = opened
        guard status == SQLITE_OK else {
            let reason = String(cString: sqlite3_errmsg(opened))
            sqlite3_close_v2(opened)
            throw .unwritable(reason: reason)
        }
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, 5000)
        for pragma in [
            "journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL", "journal_size_limit = 16777216",
            // What a savepoint may have to undo stays in memory: it would be written to a file outside the state.
            "temp_store = MEMORY",
        ] {
            try script("PRAGMA \(pragma)")
        }
        if access == .reading { try script("PRAGMA query_only = ON") }
    }

    deinit { close() }

    /// Moves the last changes into the file and lets go of it; nothing may follow.
    package func close() {
        guard isOpen else { return }
        isOpen = false
        for statement in statements.values { sqlite3_finalize(statement.handle) }
        statements = [:]
        sqlite3_close_v2(handle)
    }

    /// Runs statements that take no values and give no rows.
    package func script(_ sql: String) throws(StateError) {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw error() }
    }

    /// Runs one statement and returns its rows.
    @discardableResult
    package func run(_ sql: String, _ values: SQLValue...) throws(StateError) -> [SQLRow] {
        try run(sql, values)
    }

    package func run(_ sql: String, _ values: [SQLValue]) throws(StateError) -> [SQLRow] {
        let statement = try prepared(sql)
        defer {
            sqlite3_reset(statement.handle)
            sqlite3_clear_bindings(statement.handle)
        }
        for (index, value) in values.enumerated() { try bind(value, to: statement.handle, at: Int32(index + 1)) }
        var rows: [SQLRow] = []
        while true {
            switch sqlite3_step(statement.handle) {
            case SQLITE_ROW: rows.append(SQLRow(statement.handle, statement.columns))
            case SQLITE_DONE: return rows
            default: throw error()
            }
        }
    }

    /// Whether the next commits wait for the disk.
    func setSynchronous(_ isOn: Bool) throws(StateError) {
        guard isOn != isSynchronous else { return }
        try script("PRAGMA synchronous = \(isOn ? "FULL" : "NORMAL")")
        isSynchronous = isOn
    }

    /// Throws when nothing can be written: SQLite opens a file that it may only read without a word.
    func proveWritable() throws(StateError) {
        try run("BEGIN IMMEDIATE")
        defer { _ = try? run("ROLLBACK") }
        try run("UPDATE last_context SET id = id")
    }

    /// Changes whenever another connection has changed the database.
    func dataVersion() throws(StateError) -> Int64 {
        try run("PRAGMA data_version").first?.integer("data_version") ?? 0
    }

    /// Identifier of the row inserted last.
    package var lastInserted: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Whether a transaction is open; SQLite may end one by itself when a statement fails.
    package var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Rows that the last statement changed.
    package var changes: Int { Int(sqlite3_changes(handle)) }

    /// The text of every statement that was run with ``run(_:_:)``.
    var statementTexts: [String] { Array(statements.keys) }

    private func prepared(_ sql: String) throws(StateError) -> Statement {
        if let statement = statements[sql] { return statement }
        var handle: OpaquePointer?
        let status = sqlite3_prepare_v3(self.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard status == SQLITE_OK, let handle else { throw error() }
        let statement = Statement(handle: handle, columns: SQLColumns(handle))
        statements[sql] = statement
        return statement
    }

    private func bind(_ value: SQLValue, to statement: OpaquePointer, at index: Int32) throws(StateError) {
        // SQLite copies: the pointer is valid during the call only.
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        let status =
            switch value {
            case .null: sqlite3_bind_null(statement, index)
            case .integer(let value): sqlite3_bind_int64(statement, index, value)
            case .text(let value):
                // SQLite refuses what is longer than 1 GB by itself.
                sqlite3_bind_text(statement, index, value, Int32(clamping: value.utf8.count), copied)
            }
        guard status == SQLITE_OK else { throw error() }
    }

    private func error() -> StateError {
        let reason = "\(String(cString: sqlite3_errmsg(handle))) (\(sqlite3_extended_errcode(handle)))"
        return switch sqlite3_errcode(handle) & 0xff {
        case SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_BUSY, SQLITE_NOMEM:
            .unwritable(reason: reason)
        case SQLITE_CORRUPT, SQLITE_NOTADB: .unusable(reason: reason)
        default: .failed(reason: reason)
        }
    }
}
