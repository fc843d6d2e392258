import Basics

extension SQLValue {
    package init(_ time: Timestamp) { self = .integer(time.milliseconds) }
}

extension SQLRow {
    package func time(_ column: String) -> Timestamp? { integer(column).map(Timestamp.init(milliseconds:)) }
}
