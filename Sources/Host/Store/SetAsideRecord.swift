import Basics
import SurfaceKit

extension Database {
    /// Keeps an event that could not be taken, for the operator; it counts as seen.
    ///
    /// - Parameter reason: What went wrong; no content.
    func setAside(_ event: InboundEvent, of surface: SurfaceID, reason: String, now: Timestamp) throws {
        _ = try noteEvent(event.id, of: surface, now: now)
        try run(
            "INSERT INTO set_aside (surface, event, content, reason, at) VALUES (?, ?, ?, ?, ?)",
            .text(surface.rawValue),
            .text(event.id.rawValue),
            .text(try Coded.text(event)),
            .text(reason),
            SQLValue(now)
        )
    }

    /// Number of events that are set aside.
    func eventsSetAside() throws -> Int64 { try run("SELECT count(*) AS n FROM set_aside").first?.integer("n") ?? 0 }
}
