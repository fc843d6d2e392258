import Basics
import CSQLite
import FoundationEssentials

/// One SQLite connection.
///
/// Used by one thread.
package final class Database {
    private let handle: OpaquePointer
    private var statements: [String: OpaquePointer] = [:]
    private var isOpen = true

    package init(path: String) throws(StoreError) {
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
        ] {
            try script("PRAGMA \(pragma)")
        }
    }

    deinit { close() }

    /// Moves the last changes into the file and lets go of it; nothing may follow.
    func close() {
        guard isOpen else { return }
        isOpen = false
        for statement in statements.values { sqlite3_finalize(statement) }
        statements = [:]
        sqlite3_close_v2(handle)
    }

    /// Runs statements that take no values and give no rows.
    package func script(_ sql: String) throws(StoreError) {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw error() }
    }

    /// Runs one statement and returns its rows.
    @discardableResult
    package func run(_ sql: String, _ values: SQLValue...) throws(StoreError) -> [SQLRow] {
        try run(sql, values)
    }

    package func run(_ sql: String, _ values: [SQLValue]) throws(StoreError) -> [SQLRow] {
        let statement = try prepared(sql)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (index, value) in values.enumerated() { try bind(value, to: statement, at: Int32(index + 1)) }
        var rows: [SQLRow] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: rows.append(SQLRow(statement))
            case SQLITE_DONE: return rows
            default: throw error()
            }
        }
    }

    /// Identifier of the row inserted last.
    package var lastInserted: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Whether a transaction is open; SQLite may end one by itself when a statement fails.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Rows that the last statement changed.
    package var changes: Int { Int(sqlite3_changes(handle)) }

    private func prepared(_ sql: String) throws(StoreError) -> OpaquePointer {
        if let statement = statements[sql] { return statement }
        var statement: OpaquePointer?
        let status = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard status == SQLITE_OK, let statement else { throw error() }
        statements[sql] = statement
        return statement
    }

    private func bind(_ value: SQLValue, to statement: OpaquePointer, at index: Int32) throws(StoreError) {
        // SQLite copies: the pointer is valid during the call only.
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        let status =
            switch value {
            case .null: sqlite3_bind_null(statement, index)
            case .integer(let value): sqlite3_bind_int64(statement, index, value)
            case .text(let value): sqlite3_bind_text(statement, index, value, Int32(value.utf8.count), copied)
            }
        guard status == SQLITE_OK else { throw error() }
    }

    private func error() -> StoreError {
        let reason = "\(String(cString: sqlite3_errmsg(handle))) (\(sqlite3_extended_errcode(handle)))"
        return switch sqlite3_errcode(handle) & 0xff {
        case SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_BUSY, SQLITE_NOMEM:
            .unwritable(reason: reason)
        case SQLITE_CORRUPT, SQLITE_NOTADB: .unusable(reason: reason)
        default: .failed(reason: reason)
        }
    }
}

/// A value of a column or parameter.
package enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)

    package init(_ value: String?) { self = value.map { .text($0) } ?? .null }
    package init(_ value: Int64?) { self = value.map { .integer($0) } ?? .null }
}

extension SQLValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(stringLiteral value: String) { self = .text(value) }
}

/// One row of a result, by column name.
package struct SQLRow: Sendable {
    private let values: [String: SQLValue]

    init(_ statement: OpaquePointer) {
        var values: [String: SQLValue] = [:]
        for column in 0..<sqlite3_column_count(statement) {
            let name = String(cString: sqlite3_column_name(statement, column))
            values[name] =
                switch sqlite3_column_type(statement, column) {
                case SQLITE_INTEGER: .integer(sqlite3_column_int64(statement, column))
                case SQLITE_NULL: .null
                default: .text(String(cString: sqlite3_column_text(statement, column)))
                }
        }
        self.values = values
    }

    package func integer(_ column: String) -> Int64? {
        if case .integer(let value)? = values[column] { value } else { nil }
    }

    package func text(_ column: String) -> String? { if case .text(let value)? = values[column] { value } else { nil } }
}
