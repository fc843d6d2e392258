/// Why the state could not do what it was asked.
package enum StateError: Error, Hashable {
    /// The disk is full or refuses to be written: nothing was stored, worth another attempt.
    case unwritable(reason: String)
    /// The database is damaged, or made by a newer version.
    case unusable(reason: String)
    /// One row cannot be read; the others can.
    case damaged(DamagedRow, reason: String)
    /// A statement failed: a defect of this program.
    case failed(reason: String)

    /// For the operator.
    package var reason: String {
        switch self {
        case .unwritable(let reason), .unusable(let reason), .failed(let reason): reason
        case .damaged(let row, let reason): "\(row) cannot be read: \(reason)"
        }
    }
}

extension StateError: CustomStringConvertible {
    package var description: String { reason }
}

/// A row that cannot be read.
package enum DamagedRow: Hashable, Sendable, CustomStringConvertible {
    case turn(TurnID)
    case post(PostID)
    case context(ContextID)
    case conversation(ConversationID)

    package var description: String {
        switch self {
        case .turn(let id): "turn \(id)"
        case .post(let id): "post \(id)"
        case .context(let id): "context \(id)"
        case .conversation(let id): "conversation \(id)"
        }
    }
}
