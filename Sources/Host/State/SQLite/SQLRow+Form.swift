import Basics

/// Columns that every row has; `value` is what the row is, for errors.
extension SQLRow {
    func text(_ column: String, of value: String) throws(StoredFormError) -> String {
        guard let text = text(column) else { throw StoredFormError(value: value, field: column, fault: .missing) }
        return text
    }

    func integer(_ column: String, of value: String) throws(StoredFormError) -> Int64 {
        guard let number = integer(column) else { throw StoredFormError(value: value, field: column, fault: .missing) }
        return number
    }

    func id<Row>(_ column: String, of value: String) throws(StoredFormError) -> RowID<Row> {
        RowID(try integer(column, of: value))
    }

    func time(_ column: String, of value: String) throws(StoredFormError) -> Timestamp {
        Timestamp(milliseconds: try integer(column, of: value))
    }
}
