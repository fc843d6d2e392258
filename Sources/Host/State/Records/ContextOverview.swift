/// A context in one line, for a page.
package struct ContextOverview: Hashable, Sendable {
    package let id: ContextID
    package let name: String?
    /// Who it belongs to, for people.
    package let owner: String
    /// The surface on which it began.
    package let surface: String
    package let messages: Int64
    /// Chats that are on it now.
    package let chats: Int64
}
