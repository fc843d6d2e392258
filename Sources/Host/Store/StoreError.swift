/// Why the store could not do what it was asked.
package enum StoreError: Error, Hashable {
    /// The disk is full or refuses to be written: nothing was stored, worth another attempt.
    case unwritable(reason: String)
    /// The database is damaged, or made by a newer version.
    case unusable(reason: String)
    /// A statement failed: a defect of this program.
    case failed(reason: String)

    /// Whether the same may succeed later.
    package var isTemporary: Bool { if case .unwritable = self { true } else { false } }

    /// For the operator.
    package var reason: String {
        switch self {
        case .unwritable(let reason), .unusable(let reason), .failed(let reason): reason
        }
    }
}
