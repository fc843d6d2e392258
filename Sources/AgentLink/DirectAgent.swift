import Basics
import HTTP

/// The agent at a configured address, called directly over HTTP: for each request one connection, opened for it and
/// closed with it.
package struct DirectAgent: AgentApi {
    private let configuration: AgentConfiguration
    private let client: HTTPClient
    private let log: Log

    package init(_ configuration: AgentConfiguration, log: Log = .silent) {
        self.configuration = configuration
        self.log = log
        client = HTTPClient(HTTPClientConfiguration(proxy: configuration.proxy, freshConnections: true))
    }

    package func run(
        _ request: AgentRequest,
        willSend: @escaping @Sendable () async throws -> Void
    ) async throws(AgentError) -> AgentRun {
        let log = log.with(["run": request.runID])
        let body = try body(for: request)
        let reader = RequestBodyReader(body, willSend: willSend)
        log.debug("Agent is called", ["messages": request.messages.count, "bytes": body.length])

        let response = try await open(post(body, from: reader), reader)
        log.debug("Agent answered", ["status": response.status])
        if let error = AgentError(response, configuration) { throw error }
        return AgentRun(
            AgentStream(
                body: response.body,
                decoder: decoder(for: request),
                limits: configuration.limits,
                log: log
            )
        )
    }

    package func probe() async throws(AgentError) -> Int {
        let timeouts = HTTPTimeouts(idle: .seconds(10), total: .seconds(20))
        let request = HTTPRequest("GET", url, headers: authorization, timeouts: timeouts)
        do { return try await client.open(request).status } catch { throw AgentError(error, sent: .waiting) }
    }

    // MARK: - Request

    private var url: String {
        switch configuration.codec {
        case .agUI: configuration.url
        case .openAI: OpenAIRequest.url(configuration.url)
        }
    }

    private func body(for request: AgentRequest) throws(AgentError) -> RequestBody {
        let json =
            switch configuration.codec {
            case .agUI: AGUIRequest.body(request)
            case .openAI(let model): OpenAIRequest.body(request, model: model)
            }
        do { return try RequestBody(json) } catch { throw .refused(.unsendable, reason: error.reason) }
    }

    private func decoder(for request: AgentRequest) -> any AgentDecoder {
        switch configuration.codec {
        case .agUI: AGUIDecoder(request, limits: configuration.limits)
        case .openAI: OpenAIDecoder(request, limits: configuration.limits)
        }
    }

    private func post(_ body: RequestBody, from reader: RequestBodyReader) -> HTTPRequest {
        HTTPRequest(
            "POST",
            url,
            // A wildcard would let a server choose AG-UI’s binary encoding.
            headers: [HTTPHeader("Content-Type", "application/json"), HTTPHeader("Accept", "text/event-stream")]
                + authorization,
            body: .stream(length: body.length) { try await reader.next() },
            timeouts: HTTPTimeouts(idle: configuration.idleTimeout, total: configuration.deadline)
        )
    }

    private var authorization: [HTTPHeader] {
        configuration.apiKey.map { [HTTPHeader("Authorization", "Bearer \($0.exposed)")] } ?? []
    }

    private func open(
        _ request: HTTPRequest,
        _ reader: RequestBodyReader
    ) async throws(AgentError) -> HTTPResponse {
        let failure: HTTPError
        do { return try await client.open(request) } catch { failure = error }
        throw AgentError(failure, sent: await reader.progress)
    }
}
