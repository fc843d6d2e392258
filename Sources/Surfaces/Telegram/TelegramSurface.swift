import Basics
import HTTP
import SurfaceKit
import Synchronization

/// A Telegram bot.
package struct TelegramSurface: Surface {
    package static let kind: SurfaceKind = "telegram"

    package let capabilities: Capabilities

    private let options: TelegramOptions
    private let context: SurfaceContext
    private let api: BotAPI
    private let speaker: TelegramSpeaker
    private let conflicts = ConflictWatch()

    package init(options: TelegramOptions, context: SurfaceContext) {
        self.options = options
        self.context = context
        let http = HTTPClient(HTTPClientConfiguration(proxy: context.proxy))
        api = BotAPI(base: options.apiBaseURL, token: options.token, http: http)
        speaker = TelegramSpeaker(api: api)
        capabilities = Self.capabilities(drafts: options.drafts)
    }

    package func identify() async throws(SurfaceError) -> Identity {
        let bot = try await account()
        var remarks: [String] = []
        if context.access.respond == .always, !bot.readsAllGroupMessages {
            remarks.append(
                """
                Privacy mode is on: in groups only commands, mentions and replies arrive, whatever groups.respond says. \
                Switch it off with @BotFather (/setprivacy) and add the bot to its groups again.
                """
            )
        }
        let name = bot.username.isEmpty ? bot.name : "@\(bot.username)"
        return Identity(id: PersonID(String(bot.id)), name: name, remarks: remarks)
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
        conflicts.starting(at: .now)
        let desk = UpdateDesk(reader: UpdateReader(bot: try await account()))
        let end = await withTaskGroup(of: SurfaceError?.self) { group in
            group.addTask {
                await CommandMenu(api: api, context: context).update()
                return nil
            }
            group.addTask { await failure { () async throws(SurfaceError) in try await hear(desk, checkpoint, inbox) } }
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
        try await speaker.perform(operation)
    }

    package func fetch(
        _ file: FileReference,
        limit: Int,
        into sink: @Sendable ([UInt8]) async throws(SurfaceError) -> Void
    ) async throws(SurfaceError) {
        try await FileFetcher(api: api, options: options).fetch(file, limit: limit, into: sink)
    }

    private func hear(
        _ desk: UpdateDesk,
        _ checkpoint: Checkpoint?,
        _ inbox: some Inbox
    ) async throws(SurfaceError) {
        switch options.receiving {
        case .polling:
            try await UpdatePoller(api: api, context: context, inbox: inbox, conflicts: conflicts)
                .run(desk, from: checkpoint)
        case .webhook:
            guard let route = context.webhook else {
                throw .refused(.other, reason: "webhooks.publicURL is new: restart the host to use webhooks")
            }
            try await WebhookReceiver(api: api, context: context, inbox: inbox, route: route).run(desk)
        }
    }

    private func failure(of body: () async throws(SurfaceError) -> Void) async -> SurfaceError? {
        do throws(SurfaceError) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    private func account() async throws(SurfaceError) -> BotAccount {
        let user: JSONValue
        do throws(BotAPIError) {
            user = try await api.call("getMe")
        } catch {
            throw SurfaceError(error)
        }
        guard let account = BotAccount(user) else { throw .unavailable(reason: "getMe answered without an id") }
        return account
    }

    /// Limits that Telegram tells ("Broadcasting to users") or that were seen, each with room for a minute’s window.
    private static func capabilities(drafts: Bool) -> Capabilities {
        Capabilities(
            text: Capabilities.TextLimit(maximum: TelegramText.mostUnits, measure: TelegramText.size),
            fileBytes: MediaForm.mostBytes,
            repetition: .duplicates,
            rateLimits: [
                RateLimit(scope: .account, burst: 10, perSecond: 25, reserve: 4),
                RateLimit(scope: .chat, burst: 3, perSecond: 1, reserve: 1),
                RateLimit(scope: .group, burst: 5, perSecond: 0.25, reserve: 3),
            ],
            editInterval: .seconds(3),
            editsPerMessage: 10_000,
            typingLasts: .seconds(5),
            commandPrefix: "/",
            drafts: drafts ? Capabilities.Drafts(interval: .seconds(1), lasts: .seconds(30)) : nil
        )
    }
}
