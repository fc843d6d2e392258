import Basics
import CMicroHTTPD
import Synchronization

/// One request on its way from the daemon’s thread to a handler’s task, and its response on the way back.
///
/// While a handler works the connection is suspended; ``respond(_:)`` resumes it, and the daemon asks again.
final class ServerExchange: Sendable {
    private enum Stage {
        case head
        case body
        /// Handed over; the connection is suspended.
        case handling
        case responded(HTTPServerResponse)
        case ended
    }

    private struct State {
        var stage = Stage.head
        var request: HTTPServerRequest?
        var body: [UInt8] = []
        /// The body is longer than allowed: the rest of it is not kept.
        var isTooLong = false
    }

    private struct Connection: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private let connection: Connection
    private let target: String
    private let context: ServerDaemon.Context
    private let began = ContinuousClock.now
    private let state = Mutex(State())
    private let stream = ResponseStream()

    init(_ connection: OpaquePointer, target: String, context: ServerDaemon.Context) {
        self.connection = Connection(pointer: connection)
        self.target = target
        self.context = context
    }

    /// The request, once it is whole.
    var request: HTTPServerRequest {
        state.withLock { $0.request } ?? HTTPServerRequest(method: "", path: "/", query: [], headers: [], body: [])
    }

    // MARK: The handler's side

    func respond(_ response: HTTPServerResponse) {
        let wasHandling = state.withLock { state in
            guard case .handling = state.stage else { return false }
            state.stage = .responded(response)
            return true
        }
        if wasHandling { MHD_resume_connection(connection.pointer) }
    }

    /// Ends a streamed response where it is.
    func endStream() { stream.end() }

    // MARK: The daemon's side

    /// Takes the next part of the request, or sends the response.
    func advance(method: String, _ piece: UnsafeRawBufferPointer) -> MHD_Result {
        guard began.duration(to: .now) < context.limits.total + context.limits.total else { return surfaces_mhd_no }
        return state.withLock { state in
            switch state.stage {
            case .head:
                state.stage = .body
                context.heads.headCame(on: connection.pointer)
                return announcesTooMuch ? queue(HTTPServerResponse(status: 413)) : surfaces_mhd_yes
            case .body where !piece.isEmpty:
                state.isTooLong = state.isTooLong || state.body.count + piece.count > context.limits.body
                if state.isTooLong { state.body = [] } else { state.body.append(contentsOf: piece) }
                return surfaces_mhd_yes
            case .body where state.isTooLong:
                state.stage = .ended
                return queue(HTTPServerResponse(status: 413))
            case .body:
                state.request = whole(method, state.body)
                state.body = []
                state.stage = .handling
                MHD_suspend_connection(connection.pointer)
                if case .enqueued = context.arrivals.yield(self) { return surfaces_mhd_yes }
                MHD_resume_connection(connection.pointer)
                return surfaces_mhd_no
            case .responded(let response):
                state.stage = .ended
                return queue(response)
            case .handling, .ended: return surfaces_mhd_no
            }
        }
    }

    /// Nothing more comes or goes.
    func end() {
        state.withLock { $0.stage = .ended }
        stream.end()
        context.forget(self)
    }

    private var announcesTooMuch: Bool {
        MHD_lookup_connection_value(connection.pointer, surfaces_mhd_header, "Content-Length")
            .flatMap { Int(String(cString: $0)) }.map { $0 > context.limits.body } ?? false
    }

    private func whole(_ method: String, _ body: [UInt8]) -> HTTPServerRequest {
        let headers = values(surfaces_mhd_header).map { HTTPHeader($0.name, $0.value) }
        let path = target.prefix { $0 != "?" }
        return HTTPServerRequest(
            method: method,
            path: String(path).percentDecoded ?? String(path),
            query: values(surfaces_mhd_query),
            headers: headers,
            body: body
        )
    }

    private func values(_ kind: MHD_ValueKind) -> [(name: String, value: String)] {
        var values: [(name: String, value: String)] = []
        withUnsafeMutablePointer(to: &values) { values in
            _ = MHD_get_connection_values(
                connection.pointer,
                kind,
                { context, _, name, value in
                    let values = context?.assumingMemoryBound(to: [(name: String, value: String)].self)
                    let text = value.map { String(cString: $0) } ?? ""
                    values?.pointee.append((name: name.map { String(cString: $0) } ?? "", value: text))
                    return surfaces_mhd_yes
                },
                values
            )
        }
        return values
    }

    private func queue(_ answer: HTTPServerResponse) -> MHD_Result {
        let response: OpaquePointer?
        switch answer.body {
        case .bytes(var bytes):
            response = MHD_create_response_from_buffer(bytes.count, &bytes, surfaces_mhd_copy)
        case .stream(let parts):
            response = stream.response(parts, on: connection.pointer)
        }
        guard let response else { return surfaces_mhd_no }
        defer { MHD_destroy_response(response) }
        for header in answer.headers { MHD_add_response_header(response, header.name, header.value) }
        return MHD_queue_response(connection.pointer, UInt32(answer.status), response)
    }
}
