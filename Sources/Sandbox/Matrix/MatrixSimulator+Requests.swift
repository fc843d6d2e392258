import Basics
import HTTP

extension MatrixSimulator {
    /// The answer to a request that is understood and authorized; `nil` closes the connection.
    func result(of call: MatrixRequest) async throws(MatrixAPIError) -> HTTPServerResponse? {
        switch call.route.endpoint {
        case .sync:
            guard let answer = try await sync(call) else { return nil }
            return .json(answer)
        case .upload: return try upload(call).map { .json($0) }
        case .download: return try download(call)
        case .health: return HTTPServerResponse(status: 200, body: .bytes(Array("OK".utf8)))
        case .event, .messages, .relations, .state, .wholeState, .members, .joinedMembers:
            return .json(try reading(call))
        case .send, .redact, .setState, .typing, .receipt, .readMarkers: return .json(try speaking(call))
        case .createRoom, .join, .invite, .kick, .ban, .unban, .leave, .forget, .upgrade, .joinedRooms:
            return .json(try meeting(call))
        case .registrationNonce, .register, .setUser, .rateLimit, .setRateLimit, .clearRateLimit, .mediaConfig,
            .versions, .wellKnown, .capabilities:
            return .json(try administering(call))
        case .loginFlows, .login, .logout, .logoutAll, .whoAmI, .devices, .profile, .displayName, .setDisplayName,
            .accountData, .setAccountData, .roomAccountData, .setRoomAccountData, .createFilter, .filter:
            return .json(try account(call))
        }
    }

    private func reading(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        switch call.route.endpoint {
        case .event: try event(call)
        case .messages: try messages(call)
        case .relations: try relations(call)
        case .state: try state(call)
        case .wholeState: try wholeState(call)
        case .members: try members(call)
        default: try joinedMembers(call)
        }
    }

    private func speaking(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        switch call.route.endpoint {
        case .send: try once(call, about: call.parameter("type")) { call throws(MatrixAPIError) in try send(call) }
        case .redact: try once(call, about: call.parameter("event")) { call throws(MatrixAPIError) in try redact(call) }
        case .setState: try setState(call)
        case .typing: try setTyping(call)
        case .receipt: try setReceipt(call)
        default: try setReadMarkers(call)
        }
    }

    private func meeting(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        switch call.route.endpoint {
        case .createRoom: try createRoom(call)
        case .join: try join(call)
        case .invite: try invite(call)
        case .kick: try kick(call)
        case .ban: try ban(call)
        case .unban: try unban(call)
        case .leave: try leave(call)
        case .forget: try forget(call)
        case .upgrade: try upgrade(call)
        default: joinedRooms(call)
        }
    }

    private func administering(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        switch call.route.endpoint {
        case .registrationNonce: nonce()
        case .register: try register(call)
        case .setUser: try setUser(call)
        case .rateLimit: try rateLimit(call)
        case .setRateLimit: try setRateLimit(call)
        case .clearRateLimit: try clearRateLimit(call)
        case .mediaConfig: ["m.upload.size": JSONValue(settings.uploadLimit)]
        case .versions: ["versions": .array(Self.versions.map { .string($0) }), "unstable_features": [:]]
        case .wellKnown: throw .notFound("No .well-known file")
        default: ["capabilities": Self.capabilities]
        }
    }

    private func account(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        switch call.route.endpoint {
        case .loginFlows: loginFlows
        case .login: try login(call)
        case .logout: logout(call)
        case .logoutAll: logoutEverywhere(call)
        case .whoAmI: whoAmI(call)
        case .devices: devices(call)
        case .profile, .displayName: try profile(call)
        case .setDisplayName: try setDisplayName(call)
        case .createFilter: try createFilter(call)
        case .filter: try filter(call)
        case .accountData, .roomAccountData: try accountData(call)
        default: try setAccountData(call)
        }
    }

    /// The versions of the specification that Synapse 1.163 has.
    private static let versions =
        ["r0.0.1", "r0.1.0", "r0.2.0", "r0.3.0", "r0.4.0", "r0.5.0", "r0.6.0", "r0.6.1"] + (1...15).map { "v1.\($0)" }

    private static let capabilities: JSONValue = [
        "m.room_versions": [
            "default": "12",
            "available": .object(JSONObject((1...12).map { .init(key: String($0), value: "stable") })),
        ],
        "m.change_password": ["enabled": true], "m.set_displayname": ["enabled": true],
        "m.set_avatar_url": ["enabled": true], "m.3pid_changes": ["enabled": true],
        "m.get_login_token": ["enabled": false],
    ]
}
