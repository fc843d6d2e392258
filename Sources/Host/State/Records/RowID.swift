/// The number under which the state keeps one thing; never reused.
///
/// Typed by what it numbers, so that a turn is never taken for a conversation.
package struct RowID<Row>: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let number: Int64

    package init(_ number: Int64) { self.number = number }

    package var description: String { String(number) }

    package static func < (left: RowID, right: RowID) -> Bool { left.number < right.number }
}

/// The platform chat id of a context: given once, and the agent’s thread.
package typealias ContextID = RowID<ContextRecord>
package typealias ConversationID = RowID<ConversationRecord>
/// As an agent knows it: `q17`; see ``OutgoingNumbers``.
package typealias TurnID = RowID<TurnRecord>
/// As a messenger knows it: `s17.0`; see ``OutgoingNumbers``.
package typealias PostID = RowID<PostRecord>
package typealias StagedID = RowID<StagedRecord>
