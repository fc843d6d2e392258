/// What a homeserver can be asked for.
enum MatrixEndpoint: String, Sendable, CaseIterable {
    case versions, wellKnown, health, loginFlows, login, logout, logoutAll, whoAmI, capabilities, devices
    case sync, createFilter, filter
    case createRoom, join, invite, kick, ban, unban, leave, forget, upgrade, joinedRooms, joinedMembers, members
    case send, redact, setState, state, wholeState, messages, event, relations
    case typing, receipt, readMarkers
    case profile, displayName, setDisplayName, accountData, setAccountData, roomAccountData, setRoomAccountData
    case mediaConfig, upload, download
    case registrationNonce, register, setUser, rateLimit, setRateLimit, clearRateLimit
}

/// A method and path, and what may come with it.
struct MatrixRoute: Sendable {
    let endpoint: MatrixEndpoint
    let method: String
    /// Segments; one in braces is a parameter.
    let segments: [String]
    let query: [MatrixField]
    /// Of the body; `nil` where there is none, or it is no JSON.
    let body: MatrixShape?
    /// Whether a missing body counts as an empty object.
    let isBodyOptional: Bool
    let needsToken: Bool

    init(
        _ endpoint: MatrixEndpoint,
        _ method: String,
        _ path: String,
        query: [MatrixField] = [],
        body: MatrixShape? = nil,
        isBodyOptional: Bool = false,
        needsToken: Bool = true
    ) {
        self.endpoint = endpoint
        self.method = method
        segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        self.query = query
        self.body = body
        self.isBodyOptional = isBodyOptional
        self.needsToken = needsToken
    }

    /// The parameters in `path` when it is this route’s.
    func parameters(in path: [String]) -> [String: String]? {
        guard path.count == segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (segment, value) in zip(segments, path) {
            if segment.hasPrefix("{") {
                parameters[String(segment.dropFirst().dropLast())] = value
            } else if segment != value {
                return nil
            }
        }
        return parameters
    }
}
