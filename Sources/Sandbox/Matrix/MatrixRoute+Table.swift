extension MatrixRoute {
    private static let v3 = "/_matrix/client/v3"
    private static let room = "/_matrix/client/v3/rooms/{room}"
    private static let admin = "/_synapse/admin"

    /// Everything that the simulator answers.
    static let table: [MatrixRoute] = account + receiving + rooms + events + accountData + media + administration

    private static let account = [
        MatrixRoute(.versions, "GET", "/_matrix/client/versions", needsToken: false),
        MatrixRoute(.wellKnown, "GET", "/.well-known/matrix/client", needsToken: false),
        MatrixRoute(.health, "GET", "/health", needsToken: false),
        MatrixRoute(.loginFlows, "GET", "\(v3)/login", needsToken: false),
        MatrixRoute(.login, "POST", "\(v3)/login", body: .login, needsToken: false),
        MatrixRoute(.logout, "POST", "\(v3)/logout", body: .empty, isBodyOptional: true),
        MatrixRoute(.logoutAll, "POST", "\(v3)/logout/all", body: .empty, isBodyOptional: true),
        MatrixRoute(.whoAmI, "GET", "\(v3)/account/whoami"),
        MatrixRoute(.capabilities, "GET", "\(v3)/capabilities"),
        MatrixRoute(.devices, "GET", "\(v3)/devices"),
        MatrixRoute(.profile, "GET", "\(v3)/profile/{user}", needsToken: false),
        MatrixRoute(.displayName, "GET", "\(v3)/profile/{user}/displayname", needsToken: false),
        MatrixRoute(
            .setDisplayName,
            "PUT",
            "\(v3)/profile/{user}/displayname",
            body: .object([.required("displayname", .string)])
        ),
    ]

    private static let receiving = [
        MatrixRoute(
            .sync,
            "GET",
            "\(v3)/sync",
            query: [
                .optional("filter", .string), .optional("since", .string), .optional("timeout", .integer),
                .optional("full_state", .boolean),
                .optional("set_presence", .oneOf(["offline", "online", "unavailable"])),
            ]
        ),
        MatrixRoute(.createFilter, "POST", "\(v3)/user/{user}/filter", body: .filter),
        MatrixRoute(.filter, "GET", "\(v3)/user/{user}/filter/{filter}"),
        MatrixRoute(
            .messages,
            "GET",
            "\(room)/messages",
            query: [
                .required("dir", .oneOf(["b", "f"])), .optional("from", .string), .optional("to", .string),
                .optional("limit", .integer), .optional("filter", .string),
            ]
        ),
        MatrixRoute(.event, "GET", "\(room)/event/{event}"),
        MatrixRoute(.relations, "GET", "/_matrix/client/v1/rooms/{room}/relations/{event}/{relation}"),
    ]

    private static let rooms = [
        MatrixRoute(.createRoom, "POST", "\(v3)/createRoom", body: .createRoom),
        MatrixRoute(
            .join,
            "POST",
            "\(v3)/join/{room}",
            query: [.optional("via", .string), .optional("server_name", .string)],
            body: .reason,
            isBodyOptional: true
        ),
        MatrixRoute(.join, "POST", "\(room)/join", body: .reason, isBodyOptional: true),
        MatrixRoute(.invite, "POST", "\(room)/invite", body: .target),
        MatrixRoute(.kick, "POST", "\(room)/kick", body: .target),
        MatrixRoute(.ban, "POST", "\(room)/ban", body: .target),
        MatrixRoute(.unban, "POST", "\(room)/unban", body: .target),
        MatrixRoute(.leave, "POST", "\(room)/leave", body: .reason, isBodyOptional: true),
        MatrixRoute(.forget, "POST", "\(room)/forget", body: .empty, isBodyOptional: true),
        MatrixRoute(.upgrade, "POST", "\(room)/upgrade", body: .object([.required("new_version", .string)])),
        MatrixRoute(.joinedRooms, "GET", "\(v3)/joined_rooms"),
        MatrixRoute(.joinedMembers, "GET", "\(room)/joined_members"),
        MatrixRoute(.members, "GET", "\(room)/members"),
    ]

    private static let events = [
        MatrixRoute(.send, "PUT", "\(room)/send/{type}/{transaction}", body: .map(.any)),
        MatrixRoute(.redact, "PUT", "\(room)/redact/{event}/{transaction}", body: .reason),
        MatrixRoute(.setState, "PUT", "\(room)/state/{type}", body: .map(.any)),
        MatrixRoute(.setState, "PUT", "\(room)/state/{type}/{key}", body: .map(.any)),
        MatrixRoute(.state, "GET", "\(room)/state/{type}"),
        MatrixRoute(.state, "GET", "\(room)/state/{type}/{key}"),
        MatrixRoute(.wholeState, "GET", "\(room)/state"),
        MatrixRoute(.typing, "PUT", "\(room)/typing/{user}", body: .typing),
        MatrixRoute(.receipt, "POST", "\(room)/receipt/{kind}/{event}", body: .receipt, isBodyOptional: true),
        MatrixRoute(.readMarkers, "POST", "\(room)/read_markers", body: .readMarkers),
    ]

    private static let accountData = [
        MatrixRoute(.accountData, "GET", "\(v3)/user/{user}/account_data/{type}"),
        MatrixRoute(.setAccountData, "PUT", "\(v3)/user/{user}/account_data/{type}", body: .map(.any)),
        MatrixRoute(.roomAccountData, "GET", "\(v3)/user/{user}/rooms/{room}/account_data/{type}"),
        MatrixRoute(
            .setRoomAccountData,
            "PUT",
            "\(v3)/user/{user}/rooms/{room}/account_data/{type}",
            body: .map(.any)
        ),
    ]

    private static let media = [
        MatrixRoute(.mediaConfig, "GET", "/_matrix/client/v1/media/config"),
        MatrixRoute(.upload, "POST", "/_matrix/media/v3/upload", query: [.optional("filename", .string)]),
        MatrixRoute(
            .download,
            "GET",
            "/_matrix/client/v1/media/download/{server}/{media}",
            query: [.optional("timeout_ms", .integer)]
        ),
        MatrixRoute(
            .download,
            "GET",
            "/_matrix/client/v1/media/download/{server}/{media}/{name}",
            query: [.optional("timeout_ms", .integer)]
        ),
    ]

    /// Synapse’s own, for who runs it.
    private static let administration = [
        MatrixRoute(.registrationNonce, "GET", "\(admin)/v1/register", needsToken: false),
        MatrixRoute(
            .register,
            "POST",
            "\(admin)/v1/register",
            body: .object([
                .required("nonce", .string), .required("username", .string), .optional("displayname", .string),
                .required("password", .string), .optional("admin", .boolean), .required("mac", .string),
            ]),
            needsToken: false
        ),
        MatrixRoute(
            .setUser,
            "PUT",
            "\(admin)/v2/users/{user}",
            body: .object([.optional("password", .string), .optional("logout_devices", .boolean)])
        ),
        MatrixRoute(.rateLimit, "GET", "\(admin)/v1/users/{user}/override_ratelimit"),
        MatrixRoute(
            .setRateLimit,
            "POST",
            "\(admin)/v1/users/{user}/override_ratelimit",
            body: .object([.optional("messages_per_second", .integer), .optional("burst_count", .integer)])
        ),
        MatrixRoute(.clearRateLimit, "DELETE", "\(admin)/v1/users/{user}/override_ratelimit"),
    ]
}
