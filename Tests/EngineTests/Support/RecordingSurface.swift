import Basics
import Metrics
import Settings
import SurfaceKit
import Synchronization

@testable import Engine

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
    typealias Download = @Sendable (FileReference) throws(SurfaceError) -> [UInt8]

    static let kind: SurfaceKind = "recording"

    let capabilities: Capabilities
    private let answer: Answer
    private let download: Download
    private let performed = Mutex<[OutboundOperation]>([])
    /// Messages that were taken, as they come: sends and edits.
    let messages: AsyncStream<OutboundOperation>
    private let taken: AsyncStream<OutboundOperation>.Continuation

    init(
        repetition: Capabilities.Repetition = .harmless,
        _ answer: @escaping Answer = { _ throws(SurfaceError) in Receipt(message: "sent") },
        download: @escaping Download = { _ throws(SurfaceError) in Array("bytes".utf8) }
    ) {
        capabilities = Capabilities(
            text: Capabilities.TextLimit(maximum: 1000) { $0.source.count },
            fileBytes: 1000,
            repetition: repetition,
            rateLimits: [],
            editInterval: .milliseconds(10),
            editsPerMessage: 60,
            typingLasts: .seconds(30),
            commandPrefix: "!"
        )
        self.answer = answer
        self.download = download
        (messages, taken) = AsyncStream.makeStream(of: OutboundOperation.self)
    }

    convenience init(options: Options, context: SurfaceContext) { self.init() }

    /// Everything that it was asked to do, also what it refused.
    var operations: [OutboundOperation] { performed.withLock { $0 } }

    /// The words of each message that it was asked to send, in order; edits with the message in front.
    var said: [String] { operations.compactMap(\.said) }

    func identify() async throws(SurfaceError) -> Identity { Identity(id: "bot", name: "Bot") }

    func receive(from checkpoint: Checkpoint?, into inbox: some Inbox) async throws(SurfaceError) { throw .cancelled }

    func perform(_ operation: OutboundOperation, as id: OperationID) async throws(SurfaceError) -> Receipt {
        performed.withLock { $0.append(operation) }
        let receipt = try await answer(operation)
        if operation.said != nil { taken.yield(operation) }
        return receipt
    }

    func fetch(
        _ file: FileReference,
        limit: Int,
        into sink: @Sendable ([UInt8]) async throws(SurfaceError) -> Void
    ) async throws(SurfaceError) { try await sink(download(file)) }

    /// Returns when a message whose words contain `words` was taken.
    func untilSaid(_ words: String) async {
        for await message in messages where message.said?.contains(words) == true { return }
    }

    /// It, as the host runs it.
    func running(
        as id: SurfaceID = "a",
        grows: Bool = false,
        health: SurfaceHealth.State = .receiving,
        log: Log = .silent
    ) -> SurfaceRuntime {
        SurfaceRuntime(
            id: id,
            kind: Self.kind,
            system: OperatingSystem(),
            surface: self,
            rules: .sample(id, text: capabilities.text),
            health: SurfaceHealth(health, on: OperatingSystem()),
            budget: RateBudget(limits: [], wishes: false),
            editInterval: grows ? .milliseconds(10) : nil,
            log: log,
            metrics: SurfaceMetrics(since: .now)
        )
    }
}

extension OutboundOperation {
    /// What it says to people, if anything.
    var said: String? {
        switch self {
        case .send(let content, _, _): content.words
        case .edit(let message, let content, _): "\(message): \(content.words)"
        case .delete, .draft, .typing, .markRead: nil
        }
    }

    var isSend: Bool { if case .send = self { true } else { false } }
    var isEdit: Bool { if case .edit = self { true } else { false } }
}
