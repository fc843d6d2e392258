/// A value that must not be printed.
///
/// The manifest never holds a secret, only where to find it. Printing, interpolating or reflecting one shows
/// `<secret>`.
package struct Secret: Sendable, Hashable {
    /// The value itself, named to be noticed in review.
    package let exposed: String

    package init(_ value: String) { exposed = value }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<secret>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
