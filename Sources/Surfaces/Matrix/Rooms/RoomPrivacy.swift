import SurfaceKit

/// Knows in which rooms the bot must not speak in the clear.
struct RoomPrivacy: Sendable {
    let client: MatrixClient
    let book: RoomBook

    /// Whether `room` is encrypted; asked of the homeserver where no sync has told.
    func isEncrypted(_ room: String) async throws(SurfaceError) -> Bool {
        if let known = try await book.rooms()[room] { return known.isEncrypted }
        do { return try await client.isEncrypted(room) } catch { throw SurfaceError(error, while: .speaking) }
    }
}
