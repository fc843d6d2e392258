import Manifest

/// One command of the program, for the parser and the help.
struct CommandDescription: Sendable {
    /// What may stand behind an option, for completions.
    enum Values: Hashable, Sendable {
        case any, file
        case oneOf([String])
        /// A kind of surface.
        case kind
    }

    struct Option: Sendable {
        let name: String
        /// What stands behind it; `nil` for a switch.
        let argument: String?
        let values: Values
        /// Whether it may be given more than once.
        let repeats: Bool
        let summary: String

        init(
            name: String,
            argument: String?,
            values: Values = .any,
            repeats: Bool = false,
            summary: String
        ) {
            self.name = name
            self.argument = argument
            self.values = values
            self.repeats = repeats
            self.summary = summary
        }
    }

    let name: CommandName
    /// The words that may follow, as the help shows them.
    let operands: String
    /// What the first of them may be, for completions.
    let firstOperands: [String]
    let summary: String
    let options: [Option]

    init(
        name: CommandName,
        operands: String = "",
        firstOperands: [String] = [],
        summary: String,
        options: [Option] = []
    ) {
        self.name = name
        self.operands = operands
        self.firstOperands = firstOperands
        self.summary = summary
        self.options = options
    }

    static func of(_ name: CommandName, _ catalog: SurfaceCatalog) -> CommandDescription? {
        all(catalog).first { $0.name == name }
    }
}
