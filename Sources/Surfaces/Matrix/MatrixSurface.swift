import Basics
import HTTP
import SurfaceKit

/// A bot account on a Matrix homeserver.
package struct MatrixSurface: Surface {
    package static let kind: SurfaceKind = "matrix"

    package let capabilities = Capabilities(
        text: Capabilities.TextLimit(maximum: MessageWriter.largestText, measure: MessageWriter.size),
        fileBytes: 100 << 20,
        repetition: .harmless,
        // What Synapse allows an account by default: messages, edits, redactions and joins together.
        rateLimits: [RateLimit(scope: .account, burst: 10, perSecond: 0.2, reserve: 5, mayBeLifted: true)],
        editInterval: .seconds(1),
        editsPerMessage: 60,
        typingLasts: .seconds(30),
        commandPrefix: "!"
    )

    private let options: MatrixOptions
    private let context: SurfaceContext
    private let client: MatrixClient
    private let book: RoomBook
    private let errands: ErrandRunner
    private let speaker: MatrixSpeaker
    private let askers = Askers()

    package init(options: MatrixOptions, context: SurfaceContext) {
        self.options = options
        self.context = context
        let http = HTTPClient(HTTPClientConfiguration(proxy: context.proxy))
        let homeserver = Homeserver(base: options.homeserver, http: http)
        let session = MatrixSession(homeserver: homeserver, credentials: options.credentials, context: context)
        client = MatrixClient(homeserver: homeserver, session: session)
        book = RoomBook(state: context.state)
        errands = ErrandRunner(client: client, context: context, book: book)
        speaker = MatrixSpeaker(
            client: client,
            privacy: RoomPrivacy(client: client, book: book),
            askers: askers,
            typingLasts: capabilities.typingLasts
        )
    }

    package func identify() async throws(SurfaceError) -> Identity {
        do {
            let me = try await client.whoAmI()
            let name = try await client.displayName(of: me.user)
            var remarks = ["Cannot read encrypted rooms: people have to make a room without encryption."]
            if me.isGuest { remarks.append("This is a guest account, which homeservers restrict.") }
            return Identity(id: PersonID(me.user), name: name ?? me.user, remarks: remarks)
        } catch {
            throw SurfaceError(error, while: .asking)
        }
    }

    package func receive(from checkpoint: Checkpoint?, into inbox: some Inbox) async throws(SurfaceError) {
        let receiver = try await receiver(into: inbox)
        try await receiver.confirmAccount(of: checkpoint)
        try await errands.load()
        let end = await withTaskGroup(of: SurfaceError?.self) { group in
            group.addTask {
                await errands.run()
                return nil
            }
            group.addTask {
                do throws(SurfaceError) { try await receiver.run(from: checkpoint) } catch { return error }
                return nil
            }
            // Errands end only with the receiving.
            var end: SurfaceError?
            for await error in group {
                if let error { end = end ?? error }
                group.cancelAll()
            }
            return end
        }
        throw end ?? .cancelled
    }

    package func perform(
        _ operation: OutboundOperation,
        as id: OperationID
    ) async throws(SurfaceError) -> Receipt {
        try await speaker.perform(operation, as: id)
    }

    package func fetch(
        _ file: FileReference,
        limit: Int,
        into sink: @Sendable ([UInt8]) async throws(SurfaceError) -> Void
    ) async throws(SurfaceError) {
        try await MediaReader(client: client).fetch(file, limit: limit, into: sink)
    }

    private func receiver<Box: Inbox>(into inbox: Box) async throws(SurfaceError) -> MatrixReceiver<Box> {
        let mention: BotMention
        do {
            let user = try await client.user()
            mention = BotMention(user: user, displayName: try await client.displayName(of: user))
        } catch {
            throw SurfaceError(error, while: .receiving)
        }
        return MatrixReceiver(
            client: client,
            context: context,
            reader: SyncReader(mention: mention, joinsInvitations: options.joinsInvitations),
            quotes: QuoteReader(client: client, context: context, mention: mention),
            book: book,
            errands: errands,
            askers: askers,
            inbox: inbox
        )
    }
}
