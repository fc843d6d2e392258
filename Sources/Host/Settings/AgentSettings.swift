import AgentLink

/// The agent as the manifest names it: what a turn that begins now talks to.
package struct AgentSettings: Sendable {
    package enum History: String, Sendable, CaseIterable {
        /// Each request carries the context’s transcript.
        case host
        /// The agent remembers by thread: each request carries the new message only.
        case agent
    }

    package let api: any AgentApi
    /// Where the agent runs: a name or an IP address.
    package let host: String?
    package let history: History
    package let transcript: TranscriptLimits
    /// Runs at one time.
    package let maxRuns: Int

    package init(
        api: any AgentApi,
        host: String?,
        history: History,
        transcript: TranscriptLimits,
        maxRuns: Int
    ) {
        self.api = api
        self.host = host
        self.history = history
        self.transcript = transcript
        self.maxRuns = maxRuns
    }
}
