import Basics
import SurfaceKit

/// A stranger who asks to be let in.
package struct PairingRecord: Hashable, Sendable {
    /// How long a code is good.
    package static let lasts = Duration.seconds(3600)
    /// Most requests that are open on one surface; beyond that strangers are ignored.
    package static let mostOpen = 20
    /// What people can read to each other: no `I`, `L`, `O`, `0` or `1`.
    package static let alphabet: StaticString = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
    package static let codeLength = 8

    package let code: String
    package let surface: SurfaceID
    package let person: PersonID
    /// What the messenger calls the person; one line.
    package let name: String
    /// Where the code was given.
    package let conversation: ConversationID
    package let askedAt: Timestamp
}

extension String {
    /// At most 64 characters without line breaks and other controls, which could forge a line of a list.
    package var onOneLine: String {
        String(prefix(64).map { $0.unicodeScalars.contains { $0.properties.generalCategory.isControl } ? " " : $0 })
            .trimmed()
    }
}

extension Unicode.GeneralCategory {
    fileprivate var isControl: Bool {
        switch self {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: false
        }
    }
}
