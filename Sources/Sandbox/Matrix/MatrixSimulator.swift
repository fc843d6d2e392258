import Basics
import HTTP

/// A homeserver with the client-server API (v1.11 and newer) as Synapse has it, with people who do what a test tells them.
///
/// Every request is held against the specification (``violations``); everything else behaves as Synapse 1.163 does.
/// It stands alone and knows no keys: there is no federation, no presence, no push, no thumbnails.
package actor MatrixSimulator {
    package static let serverName = "localhost"

    package var settings: MatrixSimulatorSettings
    /// What clients asked for that the specification does not have.
    package private(set) var violations: [String] = []
    package private(set) var calls: [MatrixSimulatedCall] = []

    nonisolated let changed = Change()
    var accounts: [String: SimulatedAccount] = [:]
    var tokens: [String: SimulatedToken] = [:]
    var rooms: [String: MatrixRoom] = [:]
    var aliases: [String: String] = [:]
    var files: [String: StoredFile] = [:]
    var limits = MatrixRateLimits()
    var faults: [SimulatorFault] = []
    var nonces: Set<String> = []
    /// The end of the stream.
    var now = StreamPosition(events: 1, rest: 1)
    /// When a device of somebody came or went.
    var deviceChanges: [(position: Int, user: String)] = []
    /// What each request with a transaction became.
    var transactions: [Transaction: JSONValue] = [:]
    /// The memberships that a device has been told of, by person.
    var toldMembers: [Session: [String: String]] = [:]
    /// How many syncs of each person wait for news.
    var waiting: [String: Int] = [:]
    var keptAnswers: [SyncRequest: (answer: JSONValue, expires: ContinuousClock.Instant)] = [:]

    struct StoredFile: Sendable {
        let name: String?
        let mimeType: String
        let bytes: [UInt8]
    }

    struct Session: Hashable, Sendable {
        let user: String
        let device: String
    }

    struct Transaction: Hashable, Sendable {
        let session: Session
        let endpoint: MatrixEndpoint
        let room: String
        let subject: String
        let id: String
    }

    package init(settings: MatrixSimulatorSettings = MatrixSimulatorSettings()) { self.settings = settings }

    package func change(_ body: @Sendable (inout MatrixSimulatorSettings) -> Void) {
        body(&settings)
        changed.signal()
    }

    package func add(_ fault: SimulatorFault) { faults.append(fault) }

    package func clearFaults() {
        faults = []
        changed.signal()
    }

    func noteViolations(_ wrong: [String]) { violations += wrong }

    // MARK: Requests

    /// Answers a request; `nil` closes the connection instead.
    package func answer(_ request: HTTPServerRequest) async -> HTTPServerResponse? {
        do throws(MatrixAPIError) {
            var call = try understand(request)
            violations += call.violations(request)
            if call.route.needsToken { try authorize(&call, request) }
            return await answer(call, request)
        } catch {
            note(nil, request, error.status)
            return error.response
        }
    }

    private func answer(_ call: MatrixRequest, _ request: HTTPServerRequest) async -> HTTPServerResponse? {
        let fault = faults.strike(call.route.endpoint.rawValue, saying: call.text)
        switch fault {
        case .hang?:
            note(call, request, 0)
            changed.signal()
            while !Task.isCancelled, faults.contains(where: { $0.kind == .hang }) {
                await changed.wait(until: .now + .seconds(600))
            }
            return nil
        case .drop?:
            note(call, request, 0)
            return nil
        case .badGateway?:
            note(call, request, 502)
            return .badGateway
        case .tooManyRequests(let seconds)?:
            note(call, request, 429)
            return MatrixAPIError.limited(for: .seconds(seconds)).response
        case .error(let status, let description)?:
            note(call, request, status)
            return MatrixAPIError(status, saying: description).response
        case .applyThenDrop?, nil:
            let response = await perform(call, request)
            return fault == nil ? response : nil
        }
    }

    private func perform(_ call: MatrixRequest, _ request: HTTPServerRequest) async -> HTTPServerResponse? {
        do throws(MatrixAPIError) {
            let response = try await result(of: call)
            note(call, request, response?.status ?? 0)
            return response
        } catch {
            note(call, request, error.status)
            if error.status == 429 { try? await Task.sleep(for: settings.refusalDelay) }
            return error.response
        }
    }

    private func note(_ call: MatrixRequest?, _ request: HTTPServerRequest, _ status: Int) {
        calls.append(
            MatrixSimulatedCall(
                endpoint: call?.route.endpoint.rawValue ?? "",
                method: request.method,
                path: request.path,
                user: call?.user ?? "",
                body: call.map { $0.route.body == nil ? "" : JSONValue.object($0.body).text } ?? "",
                status: status,
                at: .now
            )
        )
    }

    // MARK: Understanding

    private func understand(_ request: HTTPServerRequest) throws(MatrixAPIError) -> MatrixRequest {
        let path = request.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        let matches = MatrixRoute.table.compactMap { route in route.parameters(in: path).map { (route, $0) } }
        guard let (route, parameters) = matches.first(where: { $0.0.method == request.method }) else {
            violations.append("\(request.method) \(request.path): unknown path")
            if path.starts(with: ["_matrix", "media", "v3", "download"]) {
                throw .notFound("Not found '\(request.path)'")
            }
            guard matches.isEmpty else { throw MatrixAPIError(405, "M_UNRECOGNIZED", "Unrecognized request") }
            throw .unrecognized
        }
        return MatrixRequest(
            route: route,
            parameters: parameters,
            query: request.query,
            body: try Self.body(of: request, route),
            bytes: request.body,
            contentType: request.headers["Content-Type"]
        )
    }

    private static func body(
        of request: HTTPServerRequest,
        _ route: MatrixRoute
    ) throws(MatrixAPIError) -> JSONObject {
        guard route.body != nil, !(request.body.isEmpty && route.isBodyOptional) else { return JSONObject() }
        guard let json = try? JSONValue(parsing: request.body) else {
            throw MatrixAPIError(400, "M_NOT_JSON", "Content not JSON.")
        }
        guard let object = json.object else { throw .badJSON("Content must be a JSON object.") }
        return object
    }

    private func authorize(_ call: inout MatrixRequest, _ request: HTTPServerRequest) throws(MatrixAPIError) {
        guard let header = request.headers["Authorization"], header.hasPrefix("Bearer ") else {
            violations.append("\(call.route.endpoint.rawValue): no Authorization")
            throw .missingToken
        }
        guard let token = tokens[String(header.dropFirst("Bearer ".count))] else {
            throw .unknownToken("Invalid access token passed.", isSoft: false)
        }
        if let end = token.expires, end <= .now { throw .unknownToken("Access token has expired", isSoft: true) }
        call.user = token.user
        call.device = token.device
    }
}

extension MatrixAPIError {
    /// Reads `M_CODE: text`.
    fileprivate init(_ status: Int, saying description: String) {
        let parts = description.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[0].hasPrefix("M_") else {
            self.init(status, "M_UNKNOWN", description)
            return
        }
        self.init(status, String(parts[0]), parts[1].trimmed())
    }
}
