import Basics
import Dispatch
import HTTP
import SurfaceConformance
import SurfaceKit
import TLSFixture
import Testing

@testable import Max

@Suite("The certificate of MAX", .timeLimit(.minutes(2)))
struct TrustTests {
    /// A server whose chain ends in an authority that no system knows, as MAX's does.
    private static func server(certificateFor subject: String = "IP:127.0.0.1") async throws -> TLSServer {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        try TLSServer(
                            certificateFor: subject,
                            answers: ["me": #"{"user_id":5,"first_name":"Bot","username":"tls_bot","is_bot":true}"#]
                        )
                    }
                )
            }
        }
    }

    private static func surface(_ server: TLSServer, trusting file: String?) -> MaxSurface {
        var values: [String: OptionValues.Value] = [
            "token": .secret(Secret("t")), "apiBaseURL": .string("https://127.0.0.1:\(server.port)"),
        ]
        if let file { values["trustedCertificates"] = .string(file) }
        return MaxSurface(
            options: MaxOptions(OptionValues(values)),
            context: SurfaceContext(
                id: "max",
                log: .silent,
                system: OperatingSystem(),
                state: MemoryState(),
                access: SurfaceAccess(respond: .mention) { _ in true },
                proxy: nil
            )
        )
    }

    @Test func `is accepted by a surface that names the authority, and by nobody else`() async throws {
        let server = try await Self.server()

        #expect(try await Self.surface(server, trusting: server.authority).identify().name == "@tls_bot")

        await #expect(throws: SurfaceError.self) { try await Self.surface(server, trusting: nil).identify() }
        await #expect(throws: HTTPError.self) {
            try await HTTPClient().send(HTTPRequest("GET", "https://127.0.0.1:\(server.port)/me"))
        }
        #expect(try await Self.surface(server, trusting: server.authority).identify().id == "5")
    }

    @Test func `that is not accepted says what to do, and waits for a person`() async throws {
        let server = try await Self.server()
        let surface = Self.surface(server, trusting: nil)

        let error = await #expect(throws: SurfaceError.self) {
            try await surface.receive(from: nil, into: RecordingInbox(state: MemoryState()))
        }
        guard case .refused(.other, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        for part in ["Russian Trusted Root CA", "gosuslugi.ru/tls", "options.trustedCertificates", "D2:6D:2D:02"] {
            #expect(reason.contains(part))
        }
        // What is to be sent meanwhile is kept.
        let sending = await #expect(throws: SurfaceError.self) {
            try await surface.perform(
                .send(.text(MessageText("x")), to: ConversationAddress(chat: "1"), replyTo: nil),
                as: "1"
            )
        }
        guard case .unavailable = sending else {
            Issue.record("\(String(describing: sending))")
            return
        }
    }

    @Test func `of another authority is refused, and the file is named`() async throws {
        let (server, other) = (try await Self.server(), try await Self.server())

        let error = await #expect(throws: SurfaceError.self) {
            try await Self.surface(server, trusting: other.authority).identify()
        }
        guard case .unavailable(_, _, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains(other.authority))
    }

    @Test func `for another host is refused, whatever the authority`() async throws {
        let server = try await Self.server(certificateFor: "DNS:elsewhere.example")

        await #expect(throws: SurfaceError.self) {
            try await Self.surface(server, trusting: server.authority).identify()
        }
    }
}
