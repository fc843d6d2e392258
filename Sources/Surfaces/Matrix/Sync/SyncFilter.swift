import Basics

/// What a sync leaves out ("Filtering").
enum SyncFilter {
    private static let messages: JSONValue = [
        "m.room.message", "m.sticker", "m.room.encrypted", "m.room.redaction",
        "m.room.member", "m.room.encryption", "m.room.tombstone",
    ]
    private static let state: JSONValue = ["m.room.member", "m.room.encryption", "m.room.tombstone"]

    /// Everything that concerns the bot, without what `user`, the bot itself, said.
    ///
    /// - Parameter limit: Most events of one room in one answer.
    static func sync(for user: String, limit: Int) -> JSONValue {
        [
            "presence": ["types": []],
            "account_data": ["types": ["m.direct"]],
            "room": [
                "timeline": timeline(for: user, limit: limit),
                // Redundant, so that the name of who speaks is always there and need not be remembered.
                "state": ["types": state, "lazy_load_members": true, "include_redundant_members": true],
                "ephemeral": ["types": []],
                "account_data": ["types": []],
            ],
        ]
    }

    /// The same for a page of a room's past.
    static func page(for user: String) -> JSONValue { timeline(for: user, limit: 100) }

    private static func timeline(for user: String, limit: Int) -> JSONValue {
        // Its own edits would crowd out what people say: each is an event.
        [
            "types": messages, "not_senders": [.string(user)], "limit": JSONValue(limit), "lazy_load_members": true,
        ]
    }
}
