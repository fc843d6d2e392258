/// How far a client has read, as Synapse writes it: opaque to clients.
struct StreamPosition: Hashable, Sendable {
    /// The last event of any room.
    var events: Int
    /// The last of everything else: typing, receipts, account data, devices.
    var rest: Int

    static let start = StreamPosition(events: 0, rest: 0)

    /// Streams that the simulator does not have.
    private static let others = "_0_1_1_1_1_1_0_1_1_1_1_1"

    var text: String { "s\(events)_\(rest)\(Self.others)" }

    /// The same place on the way through a room’s past; `depth` is how many events come before.
    func text(depth: Int) -> String { "t\(depth)-\(events)_\(rest)\(Self.others)" }

    init(events: Int, rest: Int) {
        self.events = events
        self.rest = rest
    }

    init(_ text: String) throws(MatrixAPIError) {
        let fields = text.dropFirst().split(separator: "_", omittingEmptySubsequences: false)
        let first = fields.first?.split(separator: "-").last
        guard let sigil = text.first, "st".contains(sigil), fields.count == 14, let events = first.flatMap({ Int($0) }),
            let rest = Int(fields[1])
        else { throw .bad("Invalid stream token") }
        self.init(events: events, rest: rest)
    }

    func isBefore(_ other: StreamPosition) -> Bool { events < other.events || rest < other.rest }
}
