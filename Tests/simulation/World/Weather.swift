import SurfaceKit

/// Troubles of the world, drawn from the seed; none once it is calm.
final class Weather: @unchecked Sendable {
    /// A call to a messenger that goes wrong.
    enum CallFault: CaseIterable {
        /// Nothing reached the messenger.
        case notSent
        /// It was done, and the answer was lost.
        case doneUnheard
        /// It was not done, and nobody can tell.
        case lostUnknown
        case limited
        case limitedUntold
        /// Refused for a reason that is not known.
        case refused
        case tooLarge
        /// The message to edit is gone: a person deleted it.
        case gone
        case unauthorized
        /// No answer for half a minute.
        case hangs
    }

    /// A request to the agent that goes wrong.
    enum AgentFault: CaseIterable {
        case unreachable
        case busy
        case busyUntold
        case refused
        /// It ran, and nothing came back.
        case lost
        case hangs
        case breaksOff
        case fails
        case timesOut
        case saysNothing
    }

    private var chance: Chance
    /// One call in so many goes wrong; 0 for none.
    private let rage: Int
    private(set) var isCalm = false

    init(seed: UInt64, rage: Int) {
        chance = Chance(seed: seed, for: "weather")
        self.rage = rage
    }

    func calmDown() { isCalm = true }

    var callFault: CallFault? {
        guard rage > 0, !isCalm, chance.isOnce(in: rage) else { return nil }
        return chance.pick(CallFault.allCases)
    }

    var agentFault: AgentFault? {
        guard rage > 0, !isCalm, chance.isOnce(in: rage) else { return nil }
        return chance.pick(AgentFault.allCases)
    }

    var losesConnection: Bool { rage > 0 && !isCalm && chance.isOnce(in: rage * 2) }
    var tellsAgain: Bool { rage > 0 && !isCalm && chance.isOnce(in: rage) }
    /// Whether a call of a host that died meanwhile is still done.
    var isDoneAfterDeath: Bool { chance.isOnce(in: 2) }

    func latency(_ milliseconds: ClosedRange<Int>) -> Duration { chance.duration(milliseconds) }
    func number(_ range: ClosedRange<Int>) -> Int { chance.int(range) }
}
