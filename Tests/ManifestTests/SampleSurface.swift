import Basics
import SurfaceKit

/// A kind of surface with an option of each form.
struct SampleSurface: Surface {
    struct Options: SurfaceOptions {
        static let fields = [
            OptionField("server", .address(schemes: ["https", "http"]), required: true, summary: "Where it is."),
            OptionField("token", .secret, summary: "The bot’s token."),
            OptionField("user", .string, summary: "The bot’s account."),
            OptionField("receive", .choice(["polling", "webhook"]), fallback: "polling", summary: "How events come."),
            OptionField("drafts", .boolean, fallback: true, summary: "Whether drafts are shown."),
            OptionField("certificates", .authorities, summary: "Trusted certificates."),
        ]

        static let accounts = AccountForm(example: "7") { Int($0) != nil }

        static func contradictions(in values: OptionValues) -> [OptionMistake] {
            switch (values.has("token"), values.has("user")) {
            case (false, false): [OptionMistake(key: nil, message: "needs a token or a user", hint: "write \"token\"")]
            case (true, true): [OptionMistake(key: "user", message: "means nothing beside a token", hint: nil)]
            default: []
            }
        }

        static func needsWebhook(_ values: OptionValues) -> Bool { values.string("receive") == "webhook" }

        let values: OptionValues

        init(_ values: OptionValues) { self.values = values }
    }

    static let kind = SurfaceKind("sample")

    let options: Options
    let context: SurfaceContext

    init(options: Options, context: SurfaceContext) {
        self.options = options
        self.context = context
    }

    var capabilities: Capabilities {
        Capabilities(
            text: .init(maximum: 100) { $0.source.utf8.count },
            fileBytes: 100,
            repetition: .harmless,
            rateLimits: [],
            editInterval: .seconds(1),
            editsPerMessage: 10,
            typingLasts: .seconds(5),
            commandPrefix: "/"
        )
    }

    func identify() async throws(SurfaceError) -> Identity { Identity(id: "sample", name: "Sample") }
    func receive(from checkpoint: Checkpoint?, into inbox: some Inbox) async throws(SurfaceError) {}

    func perform(_ operation: OutboundOperation, as id: OperationID) async throws(SurfaceError) -> Receipt { Receipt() }

    func fetch(
        _ file: FileReference,
        limit: Int,
        into sink: @Sendable ([UInt8]) async throws(SurfaceError) -> Void
    ) async throws(SurfaceError) {}
}
