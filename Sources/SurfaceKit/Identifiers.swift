/// An opaque identifier, distinct from every identifier of another subject.
///
/// Only the surface that minted an identifier may look inside it. The host stores identifiers, so a change to their
/// format is a migration.
package struct Identifier<Subject>: Hashable, Sendable {
    package let rawValue: String

    package init(_ rawValue: String) { self.rawValue = rawValue }
}

extension Identifier: CustomStringConvertible {
    package var description: String { rawValue }
}

extension Identifier: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) { self.init(value) }
}

/// Tags that keep identifiers of different subjects apart.
package enum Subject {
    package enum Surface {}
    package enum SurfaceKind {}
    package enum Chat {}
    package enum Thread {}
    package enum Message {}
    package enum Event {}
    package enum Person {}
    package enum Operation {}
    package enum Draft {}
}

/// One configured surface, for example `telegram-support`.
package typealias SurfaceID = Identifier<Subject.Surface>
/// The sort of a surface, for example `telegram`.
package typealias SurfaceKind = Identifier<Subject.SurfaceKind>
/// A room, group or private chat.
package typealias ChatID = Identifier<Subject.Chat>
/// A thread or topic within a chat.
package typealias ThreadID = Identifier<Subject.Thread>
/// A message that can be replied to, edited and deleted.
package typealias MessageID = Identifier<Subject.Message>
/// An update of the messenger; the same when it is delivered again.
package typealias EventID = Identifier<Subject.Event>
/// Somebody’s account on a surface, in the form in which a manifest lists it.
package typealias PersonID = Identifier<Subject.Person>
/// An answer that is shown while it is being written, without being a message yet: a positive decimal number.
package typealias DraftID = Identifier<Subject.Draft>
/// One operation across every attempt at it: at most 64 characters of `A-Z a-z 0-9 . - _`.
package typealias OperationID = Identifier<Subject.Operation>
