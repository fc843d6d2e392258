import Basics
import HTTP
import Synchronization

/// The agent’s end of the wire, with a journal of what passes and a switch to take it down.
///
/// Behind it is the sample agent, or a real one elsewhere that everything is handed on to.
package final class AgentServer: Sendable {
    package enum Source: Sendable {
        /// - Parameter pace: How much of its time the answer takes; 0 is at once.
        case sample(pace: Double)
        /// The URL that requests are posted to.
        case real(String)
    }

    package let journal = AgentJournal()
    private let source: Source
    private let down = Mutex(false)
    private let client = HTTPClient(HTTPClientConfiguration(freshConnections: true))

    package init(_ source: Source = .sample(pace: 1)) { self.source = source }

    /// Where the real agent is, without what may be secret in its address; `nil` for the sample agent.
    package var realURL: String? {
        guard case .real(let url) = source else { return nil }
        return URLParts(url).map { "\($0.scheme)://\($0.host)" } ?? "a real agent"
    }

    /// Whether requests are refused (503) and running answers break off.
    package var isDown: Bool {
        get { down.withLock { $0 } }
        set { down.withLock { $0 = newValue } }
    }

    /// Serves at a loopback port for as long as `body` runs, which gets the URL to post to.
    package func serve<Result: Sendable>(while body: (String) async throws -> Result) async throws -> Result {
        let listener = HTTPListener(
            address: SocketAddress(host: "127.0.0.1", port: 0),
            limits: HTTPListener.Limits(body: 256 << 20, total: .seconds(3600))
        )
        return try await listener.serve({ await self.answer($0) }) { try await body("http://\($0)/") }
    }

    /// Answers one request as AG-UI over HTTP and server-sent events.
    package func answer(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        guard request.method == "POST" else {
            return Self.refusal(405, "POST a RunAgentInput here", [HTTPHeader("Allow", "POST")])
        }
        guard Self.mediaType(request.headers["Content-Type"]) == "application/json" else {
            return Self.refusal(415, "Content-Type: must be application/json")
        }
        let question: AgentQuestion
        do { question = try AgentQuestion(request.body) } catch { return Self.refusal(422, error.reason) }
        let record = journal.begin(question)
        let response = isDown ? Self.refusal(503, "the agent is down") : await response(to: request, question)
        guard response.status == 200, case .stream(let pieces) = response.body else {
            journal.end(record, as: .refused(response.status))
            return response
        }
        let stream = WatchedAnswer(pieces, record: record, journal: journal) { [self] in isDown }
        var watched = response
        watched.body = .stream(
            AsyncStream {
                await stream.next()
            } onCancel: { [journal] in
                journal.end(record, as: .abandoned)
            }
        )
        return watched
    }

    private func response(to request: HTTPServerRequest, _ question: AgentQuestion) async -> HTTPServerResponse {
        switch source {
        case .real(let url): return await AgentRelay(url: url, client: client).response(to: request)
        case .sample(let pace):
            let player = AgentPlayer(SampleAgent().answer(to: question), pace: pace)
            return HTTPServerResponse(
                status: 200,
                headers: [HTTPHeader("Content-Type", "text/event-stream"), HTTPHeader("Cache-Control", "no-store")],
                body: .stream(AsyncStream { await player.next() })
            )
        }
    }

    private static func mediaType(_ header: String?) -> String? { header?.prefix { $0 != ";" }.trimmed().lowercased() }

    private static func refusal(_ status: Int, _ detail: String, _ headers: [HTTPHeader] = []) -> HTTPServerResponse {
        var response = HTTPServerResponse.json(["detail": .string(detail)], status: status)
        response.headers += headers
        return response
    }
}

/// The pieces of an answer on their way to the host, noted as they pass.
private actor WatchedAnswer {
    private var pieces: AsyncStream<[UInt8]>.Iterator?
    private var parser = ServerSentEventParser()
    private let record: Int
    private let journal: AgentJournal
    private let isDown: @Sendable () -> Bool

    init(
        _ pieces: AsyncStream<[UInt8]>,
        record: Int,
        journal: AgentJournal,
        isDown: @escaping @Sendable () -> Bool
    ) {
        self.pieces = pieces.makeAsyncIterator()
        self.record = record
        self.journal = journal
        self.isDown = isDown
    }

    func next() async -> [UInt8]? {
        // Out of the actor while it waits: it is asked again only after it has answered.
        var iterator = pieces
        pieces = nil
        let piece = await iterator?.next(isolation: self)
        pieces = iterator
        guard let piece, !isDown() else {
            pieces = nil
            journal.end(record, as: Task.isCancelled ? .abandoned : .truncated)
            return nil
        }
        // A frame that is too large passes unseen.
        for event in (try? parser.append(piece)) ?? [] {
            if let json = try? JSONValue(parsing: event.data) { journal.note(json, in: record) }
        }
        return piece
    }
}
