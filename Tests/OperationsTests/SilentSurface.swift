import SurfaceKit

/// A surface that hears and says nothing.
struct SilentSurface: Surface {
    struct Options: SurfaceOptions {
        static let fields: [OptionField] = []
        static let accounts = AccountForm(example: "ann") { _ in true }
        static func needsWebhook(_ values: OptionValues) -> Bool { false }
        static func contradictions(in values: OptionValues) -> [OptionMistake] { [] }

        init(_ values: OptionValues) {}
    }

    static let kind: SurfaceKind = "silent"

    let capabilities = Capabilities(
        text: Capabilities.TextLimit(maximum: 1000) { $0.source.count },
        fileBytes: 1000,
        repetition: .harmless,
        rateLimits: [],
        editInterval: .seconds(1),
        editsPerMessage: 60,
        typingLasts: .seconds(30),
        commandPrefix: "!"
    )

    init() {}

    init(options: Options, context: SurfaceContext) {}

    func identify() async throws(SurfaceError) -> Identity { Identity(id: "bot", name: "Bot") }

    func receive(from checkpoint: Checkpoint?, into inbox: some Inbox) async throws(SurfaceError) { throw .cancelled }

    func perform(_ operation: OutboundOperation, as id: OperationID) async throws(SurfaceError) -> Receipt { Receipt() }

    func fetch(
        _ file: FileReference,
        limit: Int,
        into sink: @Sendable ([UInt8]) async throws(SurfaceError) -> Void
    ) async throws(SurfaceError) {}
}
