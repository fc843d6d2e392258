import Basics
import HTTP
import SurfaceKit

/// A MAX bot.
package struct MaxSurface: Surface {
    package static let kind: SurfaceKind = "max"

    package let capabilities: Capabilities

    private let options: MaxOptions
    private let context: SurfaceContext
    private let api: MaxAPI
    private let speaker: MaxSpeaker
    private let pace = PollPace()
    let oddities: OddityCount

    package init(options: MaxOptions, context: SurfaceContext) {
        self.options = options
        self.context = context
        let configuration = HTTPClientConfiguration(
            proxy: context.proxy,
            trustedCertificates: options.trustedCertificates
        )
        api = MaxAPI(
            base: options.apiBaseURL,
            token: options.token,
            trustedCertificates: options.trustedCertificates,
            http: HTTPClient(configuration)
        )
        speaker = MaxSpeaker(api: api)
        capabilities = Self.limits
        oddities = OddityCount(log: context.log)
    }

    package func identify() async throws(SurfaceError) -> Identity {
        let bot: BotAccount
        do throws(MaxAPIError) {
            bot = try await account()
        } catch {
            throw SurfaceError(error)
        }
        let name = bot.username.isEmpty ? bot.name : "@\(bot.username)"
        return Identity(
            id: PersonID(String(bot.id)),
            name: name,
            remarks: context.access.respond == .never ? [] : [Self.groupRemark]
        )
    }

    package func receive(from checkpoint: Checkpoint?, into inbox: some Inbox) async throws(SurfaceError) {
        let lock = ReceivingLock(server: options.apiBaseURL, token: options.token)
        guard lock.take() else {
            throw .refused(
                .other,
                reason: "another surface of this host has the same token: give each a bot of its own"
            )
        }
        defer { lock.release() }
        let reader: UpdateReader
        do throws(MaxAPIError) {
            reader = UpdateReader(bot: try await account())
        } catch {
            // Nothing helps but a person.
            if case .untrusted(let advice) = error { throw .refused(.other, reason: advice) }
            throw SurfaceError(error)
        }
        let end = await withTaskGroup(of: SurfaceError?.self) { group in
            group.addTask {
                await CommandMenu(api: api, context: context).update()
                return nil
            }
            group.addTask { await failure(of: reader, checkpoint, inbox) }
            var end: SurfaceError?
            for await error in group {
                guard let error else { continue }
                end = error
                group.cancelAll()
            }
            return end
        }
        throw end ?? .cancelled
    }

    package func perform(_ operation: OutboundOperation, as id: OperationID) async throws(SurfaceError) -> Receipt {
        try await speaker.perform(operation, as: id)
    }

    package func fetch(
        _ file: FileReference,
        limit: Int,
        into sink: @Sendable ([UInt8]) async throws(SurfaceError) -> Void
    ) async throws(SurfaceError) {
        try await FileFetcher(api: api).fetch(file, limit: limit, into: sink)
    }

    /// Why receiving ended.
    private func failure(
        of reader: UpdateReader,
        _ checkpoint: Checkpoint?,
        _ inbox: some Inbox
    ) async -> SurfaceError? {
        do throws(SurfaceError) {
            switch options.receiving {
            case .polling:
                try await UpdatePoller(api: api, context: context, inbox: inbox, pace: pace, oddities: oddities)
                    .run(reader, from: checkpoint)
            case .webhook: try await takePosts(reader, inbox)
            }
            return .cancelled
        } catch {
            return error
        }
    }

    private func takePosts(_ reader: UpdateReader, _ inbox: some Inbox) async throws(SurfaceError) {
        guard let route = context.webhook else {
            throw .refused(.other, reason: "receive is webhook, and webhooks.publicURL is not set: set it, or poll")
        }
        try await WebhookReceiver(
            subscriptions: Subscriptions(api: api, log: context.log),
            context: context,
            route: route,
            inbox: inbox,
            oddities: oddities
        ).run(reader)
    }

    private func account() async throws(MaxAPIError) -> BotAccount {
        let user = try await api.call("GET", "/me")
        guard let account = BotAccount(user) else { throw .lost(reason: "GET /me was answered without a user_id") }
        return account
    }

    private static let groupRemark = """
        In groups MAX hands the bot messages only while it is an administrator with the right to read all messages.
        """

    /// Limits that MAX tells or that were seen: two writing calls a second in each chat, ten calls a second in all.
    ///
    /// Chosen so that no second ever holds more, wherever it begins.
    private static let limits = Capabilities(
        text: Capabilities.TextLimit(maximum: MaxText.mostUnits, measure: MaxText.size),
        fileBytes: MediaForm.mostBytes,
        repetition: .duplicates,
        rateLimits: [
            RateLimit(scope: .account, burst: 4, perSecond: 4, reserve: 1),
            RateLimit(scope: .chat, burst: 2, perSecond: 0.9, reserve: 1),
        ],
        editInterval: .milliseconds(1500),
        editsPerMessage: 10_000,
        typingLasts: .seconds(5),
        commandPrefix: "/"
    )
}
