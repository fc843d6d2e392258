/// One metric of `/metrics`: what it is called and what it says.
package struct MetricFamily: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case counter, gauge, histogram
    }

    package let name: String
    package let kind: Kind
    /// One sentence.
    package let help: String
    /// Names of its labels, in order.
    package let labels: [String]

    package init(_ name: String, _ kind: Kind, _ help: String, labels: [String] = []) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
    }
}

/// The labels never name a person or a chat: their number is bounded by the manifest.
extension MetricFamily {
    private static let surface = ["surface", "kind"]

    // MARK: The host

    package static let buildInfo = MetricFamily(
        "surfaces_build_info",
        .gauge,
        "Always 1; the version.",
        labels: ["version"]
    )
    package static let startTime = MetricFamily(
        "surfaces_start_time_seconds",
        .gauge,
        "When the host started, in seconds since 1970."
    )
    package static let surfaceState = MetricFamily(
        "surfaces_surface_state",
        .gauge,
        "1 for the state that the surface is in, 0 for the others.",
        labels: surface + ["state"]
    )
    package static let surfaceStateTime = MetricFamily(
        "surfaces_surface_state_timestamp_seconds",
        .gauge,
        "When the surface came into its state, in seconds since 1970.",
        labels: surface
    )
    package static let lastReceived = MetricFamily(
        "surfaces_surface_last_received_timestamp_seconds",
        .gauge,
        "When the surface received its last event, in seconds since 1970; absent before the first.",
        labels: surface
    )
    package static let agentState = MetricFamily(
        "surfaces_agent_state",
        .gauge,
        "1 for the state that the agent is in, 0 for the others.",
        labels: ["state"]
    )
    package static let logLines = MetricFamily(
        "surfaces_log_lines_total",
        .counter,
        "Warnings and errors of the log.",
        labels: ["level"]
    )

    // MARK: What comes in

    package static let events = MetricFamily(
        "surfaces_events_received_total",
        .counter,
        "Events that the messenger delivered and that were stored or knowingly dropped.",
        labels: surface
    )
    package static let messages = MetricFamily(
        "surfaces_messages_accepted_total",
        .counter,
        "Messages of people that were for the bot: questions, commands and files.",
        labels: surface
    )
    package static let setAside = MetricFamily(
        "surfaces_events_set_aside_total",
        .counter,
        "Events that could not be handled and are kept for the operator.",
        labels: surface
    )
    package static let duplicates = MetricFamily(
        "surfaces_duplicates_dropped_total",
        .counter,
        "Events that were dropped because they had been taken before.",
        labels: surface
    )
    package static let strangers = MetricFamily(
        "surfaces_strangers_ignored_total",
        .counter,
        "Events of people without access; a code may have been given.",
        labels: surface
    )
    package static let inboxWaiting = MetricFamily(
        "surfaces_inbox_waiting",
        .gauge,
        "Accepted questions whose turn has not begun.",
        labels: surface
    )
    package static let pairingRequests = MetricFamily(
        "surfaces_pairing_requests",
        .gauge,
        "Strangers who wait to be let in.",
        labels: surface
    )

    // MARK: The agent

    package static let addedLatency = MetricFamily(
        "surfaces_added_latency_seconds",
        .histogram,
        "From a question accepted, or from the end of the answer it waited behind, to its first request to the agent.",
        labels: surface
    )
    package static let agentRequests = MetricFamily(
        "surfaces_agent_requests_total",
        .counter,
        "Requests to the agent by what became of them.",
        labels: surface + ["outcome"]
    )
    package static let firstText = MetricFamily(
        "surfaces_agent_first_text_seconds",
        .histogram,
        "From a request to the first text of its answer.",
        labels: surface
    )
    package static let agentRuns = MetricFamily(
        "surfaces_agent_run_seconds",
        .histogram,
        "From a request to the end of its run.",
        labels: surface
    )
    package static let turns = MetricFamily(
        "surfaces_turns_total",
        .counter,
        "Questions by how they ended.",
        labels: surface + ["ending"]
    )
    package static let turnsRunning = MetricFamily(
        "surfaces_turns_running",
        .gauge,
        "Questions that are being answered."
    )

    // MARK: What goes out

    package static let operations = MetricFamily(
        "surfaces_outbox_operations_total",
        .counter,
        "Attempts at sends and edits that are owed, by their result.",
        labels: surface + ["result"]
    )
    package static let previews = MetricFamily(
        "surfaces_preview_operations_total",
        .counter,
        "Steps of growing answers, by their result; none of them is owed.",
        labels: surface + ["result"]
    )
    package static let deliveries = MetricFamily(
        "surfaces_delivery_seconds",
        .histogram,
        "From a message owed to the messenger holding all of it.",
        labels: surface
    )
    package static let rateLimits = MetricFamily(
        "surfaces_rate_limits_total",
        .counter,
        "Times that the messenger refused a call because of its rate limit.",
        labels: surface
    )
    package static let rateLimitWait = MetricFamily(
        "surfaces_rate_limit_wait_seconds_total",
        .counter,
        "Seconds that the messenger asked to wait because of its rate limit.",
        labels: surface
    )
    package static let outboxWaiting = MetricFamily(
        "surfaces_outbox_waiting",
        .gauge,
        "Messages that are owed and not yet delivered.",
        labels: surface
    )
    package static let stateReadable = MetricFamily(
        "surfaces_state_readable",
        .gauge,
        "1 when the stored state could be read; else 0, and what waits in it is absent."
    )

    // MARK: The process

    package static let cpu = MetricFamily(
        "process_cpu_seconds_total",
        .counter,
        "User and system CPU time of the process, in seconds."
    )
    package static let resident = MetricFamily(
        "process_resident_memory_bytes",
        .gauge,
        "Resident memory of the process."
    )
    package static let virtual = MetricFamily("process_virtual_memory_bytes", .gauge, "Virtual memory of the process.")
    package static let openDescriptors = MetricFamily("process_open_fds", .gauge, "Open file descriptors.")
    package static let mostDescriptors = MetricFamily(
        "process_max_fds",
        .gauge,
        "Most file descriptors that may be open."
    )
    package static let processStart = MetricFamily(
        "process_start_time_seconds",
        .gauge,
        "When the process started, in seconds since 1970."
    )

    /// Every metric, in the order in which `/metrics` has them.
    package static let all = [
        buildInfo, startTime, surfaceState, surfaceStateTime, lastReceived, agentState, logLines,
        events, messages, duplicates, strangers, setAside, inboxWaiting, pairingRequests,
        addedLatency, agentRequests, firstText, agentRuns, turns, turnsRunning,
        operations, previews, deliveries, rateLimits, rateLimitWait, outboxWaiting, stateReadable,
        cpu, resident, virtual, openDescriptors, mostDescriptors, processStart,
    ]
}
