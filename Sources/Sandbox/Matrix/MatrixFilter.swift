import Basics

/// What a client wants to see of a sync ("Filtering").
struct MatrixFilter: Sendable {
    /// Which events of one list.
    struct Events: Sendable {
        let types: [String]?
        let notTypes: [String]
        let senders: [String]?
        let notSenders: [String]
        let rooms: [String]?
        let notRooms: [String]
        let containsURL: Bool?
        let limit: Int
        let loadsMembersLazily: Bool
        let repeatsMembers: Bool

        /// Most events of a list, whatever the client asks for.
        private static let most = 100

        init(_ json: JSONValue?) {
            func list(_ key: String) -> [String]? { json?[key]?.array?.compactMap(\.string) }
            types = list("types")
            notTypes = list("not_types") ?? []
            senders = list("senders")
            notSenders = list("not_senders") ?? []
            rooms = list("rooms")
            notRooms = list("not_rooms") ?? []
            containsURL = json?["contains_url"]?.bool
            limit = Int(min(max(json?["limit"]?.int64 ?? 10, 0), Int64(Self.most)))
            loadsMembersLazily = json?["lazy_load_members"]?.bool ?? false
            repeatsMembers = json?["include_redundant_members"]?.bool ?? false
        }

        func takes(type: String, sender: String?, hasURL: Bool = false) -> Bool {
            if let types, !types.contains(where: { Self.matches(type, $0) }) { return false }
            if notTypes.contains(where: { Self.matches(type, $0) }) { return false }
            if let senders, !senders.contains(sender ?? "") { return false }
            if let containsURL, containsURL != hasURL { return false }
            return !notSenders.contains(sender ?? "")
        }

        func takes(_ event: RoomEvent) -> Bool {
            takes(type: event.type, sender: event.sender, hasURL: event.content["url"]?.string != nil)
        }

        func takes(room: String) -> Bool { rooms?.contains(room) ?? true && !notRooms.contains(room) }

        /// Whether nothing can pass.
        var isClosed: Bool { types?.isEmpty ?? false || senders?.isEmpty ?? false || rooms?.isEmpty ?? false }

        /// A star at the end stands for anything.
        private static func matches(_ type: String, _ pattern: String) -> Bool {
            pattern.hasSuffix("*") ? type.hasPrefix(pattern.dropLast()) : type == pattern
        }
    }

    let accountData: Events
    let timeline: Events
    let state: Events
    let ephemeral: Events
    let roomAccountData: Events
    let showsLeft: Bool
    private let rooms: [String]?
    private let notRooms: [String]

    /// - Throws: 400 for what is no filter.
    init(_ json: JSONValue) throws(MatrixAPIError) {
        let wrong = MatrixShape.filter.violations(of: json, at: "filter").filter { !$0.hasSuffix(": unknown") }
        if let first = wrong.first { throw .badJSON(first) }
        let room = json["room"]
        accountData = Events(json["account_data"])
        timeline = Events(room?["timeline"])
        state = Events(room?["state"])
        ephemeral = Events(room?["ephemeral"])
        roomAccountData = Events(room?["account_data"])
        showsLeft = room?["include_leave"]?.bool ?? false
        rooms = room?["rooms"]?.array?.compactMap(\.string)
        notRooms = room?["not_rooms"]?.array?.compactMap(\.string) ?? []
    }

    func takes(room: String) -> Bool { rooms?.contains(room) ?? true && !notRooms.contains(room) }

    /// Whether only the members are told who have something to do with the events.
    var loadsMembersLazily: Bool { state.loadsMembersLazily }
}
