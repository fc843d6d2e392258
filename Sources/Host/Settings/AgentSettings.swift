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
    /// The address that is posted to; for its origin.
    package let url: String?
    package let history: History
    package let transcript: TranscriptLimits
    /// Runs at one time.
    package let maxRuns: Int

    package init(
        api: any AgentApi,
        url: String?,
        history: History,
        transcript: TranscriptLimits,
        maxRuns: Int
    ) {
        self.api = api
        self.url = url
        self.history = history
        self.transcript = transcript
        self.maxRuns = maxRuns
    }
}
