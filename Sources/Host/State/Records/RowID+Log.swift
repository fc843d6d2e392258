import Basics

extension RowID: LogValueConvertible {
    package var logValue: Log.Value { .integer(number) }
}
