import Basics
import SurfaceConformance
import SurfaceKit
import Testing

@testable import Matrix

@Suite("Matrix sessions", .enabled(if: Synapse.isWanted), .timeLimit(.minutes(2)))
struct MatrixSessionTests {
    private func surface(_ user: SynapseUser, password: String? = nil, state: MemoryState) -> MatrixSurface {
        let values: [String: OptionValues.Value] = [
            "homeserver": .string(user.server.url), "user": .string(user.name),
            "password": .secret(Secret(password ?? user.password)),
        ]
        return MatrixSurface(options: MatrixOptions(OptionValues(values)), context: .test(state: state))
    }

    private func devices(of user: SynapseUser) async throws -> [String] {
        try await user.call("GET", "/devices")["devices"]?.array?.compactMap { $0["device_id"]?.string } ?? []
    }

    @Test func `log in once and keep their device, also when many ask at the same time`() async throws {
        let user = try await Synapse().register("robot")
        let state = MemoryState()
        let first = surface(user, state: state)

        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { _ = try await first.identify() } }
            try await group.waitForAll()
        }
        let token = state.value("session")
        #expect(try await surface(user, state: state).identify().name == "robot")

        #expect(state.value("session") == token)
        // One of the registration, one of the surface.
        #expect(try await devices(of: user).count == 2)
    }

    @Test func `begin anew on the same device when the token is no longer good`() async throws {
        let user = try await Synapse().register("robot")
        let state = MemoryState()
        let surface = surface(user, state: state)
        _ = try await surface.identify()
        let before = try #require(state.session)
        _ = try await user.server.call("POST", "/_matrix/client/v3/logout", [:], token: before.token)

        _ = try await surface.identify()

        let after = try #require(state.session)
        #expect(after.token != before.token)
        #expect(after.device == before.device)
    }

    @Test func `are not tried again with a password that was refused`() async throws {
        let server = try Synapse()
        let user = try await server.register("robot")
        let surface = surface(user, password: "mistyped", state: MemoryState())
        await #expect(throws: SurfaceError.unauthorized(reason: Self.wrongPassword)) {
            _ = try await surface.identify()
        }

        // Were it tried again, it would be right now.
        try await server.setPassword("mistyped", of: user)

        await #expect(throws: SurfaceError.unauthorized(reason: Self.wrongPassword)) {
            _ = try await surface.identify()
        }
    }

    private static let wrongPassword =
        "login refused: HTTP 403 M_FORBIDDEN: Invalid username or password; check user and password, "
        + "or use an access token"

    @Test func `of another user in the manifest do not use the kept token`() async throws {
        let server = try Synapse()
        let (first, second) = (try await server.register("first"), try await server.register("second"))
        let state = MemoryState()
        _ = try await surface(first, state: state).identify()

        #expect(try await surface(second, state: state).identify().id == PersonID(second.id))
    }

    @Test func `with a token that is refused end as unauthorized`() async throws {
        let user = try await Synapse().register("robot")
        try await user.call("POST", "/logout", [:])
        let surface = MatrixSurface(options: .test(user), context: .test())

        let error = await #expect(throws: SurfaceError.self) { _ = try await surface.identify() }

        guard case .unauthorized = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}

extension MemoryState {
    fileprivate var session: (token: String, device: String)? {
        guard let json = value("session").flatMap({ try? JSONValue(parsing: $0.utf8) }),
            let token = json["token"]?.string, let device = json["device"]?.string
        else { return nil }
        return (token, device)
    }
}
