import SurfaceKit

/// What people look at: says which characters change it as it should change.
protocol Display: Sendable {
    /// - Parameters:
    ///   - columns: 0 when they are not known, as for `rows`.
    mutating func resize(columns: Int, rows: Int)

    /// Somebody may type from now on.
    mutating func open() -> String
    /// Nothing more is read.
    mutating func close() -> String
    /// The lines that a person has just completed.
    mutating func typed(_ lines: [String]) -> String
    /// Words of the surface itself.
    mutating func notice(_ words: String) -> String

    mutating func send(_ message: ShownMessage, as id: MessageID) -> String
    mutating func edit(_ message: ShownMessage, of id: MessageID) -> String
    mutating func delete(_ id: MessageID, of author: String) -> String
    mutating func draft(_ message: ShownMessage) -> String
    mutating func typing(_ isOn: Bool, of author: String) -> String
}

/// A message of the agent, ready to be shown.
struct ShownMessage: Hashable, Sendable {
    let author: String
    let replyTo: MessageID?
    let text: MessageText

    var heading: String { replyTo.map { "\(author), to message \($0)" } ?? author }
}
