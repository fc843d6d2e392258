import SurfaceKit

/// The last messages that were shown: what a terminal cannot recognise by itself.
///
/// Kept in the surface's state, so that a repeated send shows nothing also after a restart. Between the last character
/// and the note lies a moment in which a crash is forgotten.
actor PerformedOperations {
    private static let key = "performed"
    /// A conversation is served one message after the other; this is more than can be in doubt.
    private static let most = 16

    private let state: any SurfaceState
    private var known: [String]?

    init(state: any SurfaceState) { self.state = state }

    func contains(_ id: OperationID) async throws(SurfaceError) -> Bool { try await load().contains(id.rawValue) }

    func note(_ id: OperationID) async throws(SurfaceError) {
        let new = Array((try await load() + [id.rawValue]).suffix(Self.most))
        known = new
        try await state.apply([StateChange(key: Self.key, value: new.joined(separator: " "))])
    }

    private func load() async throws(SurfaceError) -> [String] {
        if let known { return known }
        let stored = try await state.value(Self.key) ?? ""
        let loaded = known ?? stored.split(separator: " ").map(String.init)
        known = loaded
        return loaded
    }
}
