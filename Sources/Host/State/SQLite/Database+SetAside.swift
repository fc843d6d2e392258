import Basics
import SurfaceKit

extension Database {
    package func setAside(_ event: InboundEvent, of surface: SurfaceID, reason: String, now: Timestamp) throws {
        _ = try takeEvent(event.id, of: surface, now: now)
        try run(
            "INSERT INTO set_aside (surface, event, content, reason, at) VALUES (?, ?, ?, ?, ?)",
            .text(surface.rawValue),
            .text(event.id.rawValue),
            .text(try event.stored()),
            .text(reason),
            SQLValue(now)
        )
    }

    package func eventsSetAside() throws -> Int64 {
        try run("SELECT count(*) AS n FROM set_aside").first?.integer("n") ?? 0
    }
}
