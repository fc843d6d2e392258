import Settings
import State
import SurfaceKit

extension AccessPlan {
    /// Whether `person` may talk to the agent.
    func admits(_ person: PersonID, on surface: SurfaceID, _ state: any StateReading) throws -> Bool {
        if policy == .open || users.contains(person) { return true }
        return try policy == .pairing && state.isApproved(person, on: surface)
    }
}
