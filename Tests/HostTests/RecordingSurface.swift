import Basics
import SurfaceKit
import Synchronization

@testable import Host

/// A surface that notes what it is asked to do, and fails as it is told.
final class RecordingSurface: Surface {
    struct Options: SurfaceOptions {
        static let fields: [OptionField] = []
        static let accounts = AccountForm(example: "ann") { _ in true }
        static func needsWebhook(_ values: OptionValues) -> Bool { false }
        static func contradictions(in values: OptionValues) -> [OptionMistake] { [] }

        init(_ values: OptionValues) {}
    }

    typealias Answer = @Sendable (OutboundOperation) async throws(SurfaceError) -> Receipt

    static let kind: SurfaceKind = "recording"

    let capabilities = Capabilities(
        text: Capabilities.TextLimit(maximum: 1000) { $0.source.count },
        fileBytes: 1000,
        repetition: .harmless,
        rateLimits: [],
        editInterval: .milliseconds(10),
        editsPerMessage: 60,
        typingLasts: .seconds(30),
        commandPrefix: "!"
    )
    private let answer: Answer
    private let performed = Mutex<[OutboundOperation]>([])

    init(_ answer: @escaping Answer = { _ throws(SurfaceError) in Receipt(message: "sent") }) { self.answer = answer }

    convenience init(options: Options, context: SurfaceContext) { self.init() }

    var operations: [OutboundOperation] { performed.withLock { $0 } }

    func identify() async throws(SurfaceError) -> Identity { Identity(id: "bot", name: "Bot") }

    func receive(from checkpoint: Checkpoint?, into inbox: some Inbox) async throws(SurfaceError) { throw .cancelled }

    func perform(_ operation: OutboundOperation, as id: OperationID) async throws(SurfaceError) -> Receipt {
        performed.withLock { $0.append(operation) }
        return try await answer(operation)
    }

    func fetch(
        _ file: FileReference,
        limit: Int,
        into sink: @Sendable ([UInt8]) async throws(SurfaceError) -> Void
    ) async throws(SurfaceError) {}

    /// It, as the host runs it.
    func running(as id: SurfaceID = "a", log: Log = .silent) -> SurfaceRuntime {
        SurfaceRuntime(
            id: id,
            kind: Self.kind,
            surface: self,
            rules: IntakeRules(
                surface: id,
                prefix: "!",
                respond: .mention,
                language: .english,
                attachments: AttachmentLimits(maxBytes: 100, maxCount: 2, keep: .seconds(3600)),
                access: AccessPlan(policy: .open, users: [])
            ),
            health: SurfaceHealth(.receiving),
            budget: RateBudget(limits: [], wishes: false),
            editInterval: .milliseconds(10),
            log: log
        )
    }
}
