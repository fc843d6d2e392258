/// What the first word of the command line may be.
enum CommandName: String, Hashable, Sendable, CaseIterable {
    case initialize = "init"
    case run, check, status, pair, demo, completions, schema

    /// Whether the help lists it; the others are for those who build this program.
    var isListed: Bool { self != .schema }
}
