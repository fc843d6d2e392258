/// What requests carry, by the sections of the client-server API v1.11.
extension MatrixShape {
    static let empty = MatrixShape.object([])
    static let reason = MatrixShape.object([.optional("reason", .string)])

    /// "Login".
    static let login = MatrixShape.object([
        .required("type", .string),
        .optional(
            "identifier",
            .object([
                .required("type", .oneOf(["m.id.user", "m.id.thirdparty", "m.id.phone"])), .optional("user", .string),
            ])
        ),
        .optional("password", .string), .optional("token", .string), .optional("device_id", .string),
        .optional("initial_device_display_name", .string), .optional("refresh_token", .boolean),
    ])

    /// "Room creation".
    static let createRoom = MatrixShape.object([
        .optional("preset", .oneOf(["private_chat", "trusted_private_chat", "public_chat"])),
        .optional("visibility", .oneOf(["private", "public"])), .optional("invite", .array(.identifier("@"))),
        .optional("is_direct", .boolean), .optional("name", .string), .optional("topic", .string),
        .optional("room_alias_name", .string), .optional("room_version", .string),
        .optional("creation_content", .any), .optional("power_level_content_override", .any),
        .optional(
            "initial_state",
            .array(
                .object([
                    .required("type", .string), .optional("state_key", .string), .required("content", .map(.any)),
                ])
            )
        ),
    ])

    static let target = MatrixShape.object([
        .required("user_id", .identifier("@")), .optional("reason", .string),
    ])

    static let typing = MatrixShape.object([.required("typing", .boolean), .optional("timeout", .integer)])

    static let receipt = MatrixShape.object([.optional("thread_id", .string)])

    static let readMarkers = MatrixShape.object([
        .optional("m.fully_read", .identifier("$")), .optional("m.read", .identifier("$")),
        .optional("m.read.private", .identifier("$")),
    ])
}

// MARK: - Events

extension MatrixShape {
    /// `m.relates_to` ("Forming relationships between events").
    static let relation = MatrixShape.object([
        .optional("rel_type", .oneOf(["m.replace", "m.thread", "m.annotation", "m.reference"])),
        .optional("event_id", .identifier("$")), .optional("key", .string), .optional("is_falling_back", .boolean),
        .optional("m.in_reply_to", .object([.required("event_id", .identifier("$"))])),
    ])

    private static let info = MatrixShape.object([
        .optional("mimetype", .string), .optional("size", .integer), .optional("w", .integer), .optional("h", .integer),
        .optional("duration", .integer), .optional("thumbnail_url", .identifier("mxc://")),
        .optional("thumbnail_info", .any),
    ])

    private static let said: [MatrixField] = [
        .required("msgtype", .string), .required("body", .string),
        .optional("format", .oneOf(["org.matrix.custom.html"])), .optional("formatted_body", .string),
        .optional("filename", .string), .optional("url", .identifier("mxc://")), .optional("file", .any),
        .optional("info", info), .optional("geo_uri", .string), .optional("m.relates_to", relation),
        .optional(
            "m.mentions",
            .object([.optional("user_ids", .array(.identifier("@"))), .optional("room", .boolean)])
        ),
        .optional("m.voice", .any), .optional("m.audio", .any), .optional("m.text", .any),
        .optional("m.location", .any),
    ]

    /// The content of `m.room.message`.
    static let message = MatrixShape.object(said + [.optional("m.new_content", .object(said))])

    /// The content of `m.direct`.
    static let direct = MatrixShape.map(.array(.identifier("!")))
}

// MARK: - Filters

extension MatrixShape {
    private static let eventFilter: [MatrixField] = [
        .optional("limit", .integer), .optional("types", .array(.string)), .optional("not_types", .array(.string)),
        .optional("senders", .array(.identifier("@"))), .optional("not_senders", .array(.identifier("@"))),
    ]

    private static let roomEventFields: [MatrixField] =
        eventFilter + [
            .optional("rooms", .array(.identifier("!"))), .optional("not_rooms", .array(.identifier("!"))),
            .optional("lazy_load_members", .boolean), .optional("include_redundant_members", .boolean),
            .optional("contains_url", .boolean), .optional("unread_thread_notifications", .boolean),
        ]

    /// The filter of one list of events.
    static let roomEventFilter = MatrixShape.object(roomEventFields)

    /// "Filtering".
    static let filter = MatrixShape.object([
        .optional("event_fields", .array(.string)), .optional("event_format", .oneOf(["client"])),
        .optional("presence", .object(eventFilter)), .optional("account_data", .object(eventFilter)),
        .optional(
            "room",
            .object([
                .optional("rooms", .array(.identifier("!"))), .optional("not_rooms", .array(.identifier("!"))),
                .optional("include_leave", .boolean), .optional("ephemeral", roomEventFilter),
                .optional("state", roomEventFilter), .optional("timeline", roomEventFilter),
                .optional("account_data", roomEventFilter),
            ])
        ),
    ])
}
