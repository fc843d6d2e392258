import CSQLite

/// The places of a statement’s columns by their names; shared by all its rows.
final class SQLColumns: Sendable {
    private let places: [String: Int]

    init(_ statement: OpaquePointer) {
        var places: [String: Int] = [:]
        for column in 0..<sqlite3_column_count(statement) {
            guard let name = sqlite3_column_name(statement, column) else { continue }
            places[String(cString: name)] = Int(column)
        }
        self.places = places
    }

    subscript(name: String) -> Int? { places[name] }
}

/// One row of a result, by column name.
package struct SQLRow: Sendable {
    private let columns: SQLColumns
    private let values: [SQLValue]

    /// Takes over the row on which `statement` stands.
    init(_ statement: OpaquePointer, _ columns: SQLColumns) {
        self.columns = columns
        let count = Int(sqlite3_column_count(statement))
        values = (0..<count).map { Self.value(statement, Int32($0)) }
    }

    private static func value(_ statement: OpaquePointer, _ column: Int32) -> SQLValue {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
        case SQLITE_NULL: return .null
        default:
            guard let bytes = sqlite3_column_text(statement, column) else { return .null }
            let count = Int(sqlite3_column_bytes(statement, column))
            // By its length: a text from outside may hold a zero.
            return .text(String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
        }
    }

    private func value(_ column: String) -> SQLValue {
        guard let place = columns[column], place < values.count else { return .null }
        return values[place]
    }

    package func integer(_ column: String) -> Int64? {
        if case .integer(let value) = value(column) { value } else { nil }
    }

    package func id<Row>(_ column: String) -> RowID<Row>? { integer(column).map { RowID($0) } }

    package func text(_ column: String) -> String? { if case .text(let value) = value(column) { value } else { nil } }
}
