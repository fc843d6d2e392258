import Basics
import State

/// What every conversation works with.
struct ConversationDesk: Sendable {
    let system: any System
    let store: any StateStore
    let settings: LiveSettings
    let surfaces: SurfaceRegistry
    let contexts: ContextLocks
    let gate: RunGate
    let drain: DrainSignal
    let wakes: WakeRequests
    let agent: AgentHealth
    let layouts: LayoutWorkers
    let log: Log
    let questions = OpenQuestions()
}
