import AgentLink

/// One message of a context, as the agent is shown it.
package struct TranscriptEntry: Hashable, Sendable {
    package let turn: TurnID
    package let message: AgentMessage

    package init(turn: TurnID, message: AgentMessage) {
        self.turn = turn
        self.message = message
    }
}

/// What the agent is shown of a context, oldest first.
package struct Transcript: Hashable, Sendable {
    package var entries: [TranscriptEntry] = []
    /// Turns of which a message cannot be read; nothing of them is among the entries.
    package var damaged: Set<TurnID> = []

    package init() {}
}
