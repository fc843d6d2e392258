/// Turns the data of server-sent events into what a run says.
///
/// Pure: no clock and no connection, so that the same bytes always mean the same, however they were cut.
protocol AgentDecoder: Sendable {
    /// Takes the data of one event.
    mutating func decode(_ data: [UInt8]) -> [AgentEvent]

    /// Ends the run; returns its last events, of which the last is ``AgentEvent/ended(_:)``. Called once.
    mutating func finish(_ end: StreamEnd) -> [AgentEvent]

    /// What may still come.
    var progress: AgentProgress { get }
    var tally: AgentTally { get }
}

/// What a stream may still bring.
enum AgentProgress: Hashable, Sendable {
    /// The run goes on.
    case running
    /// The run has said how it ended; a late error may take that back.
    case complete
    /// The run has said how it ended, in a way that need not be its end.
    case doubtful
    /// Nothing that counts can follow.
    case closed
}

/// Why no more events will come.
enum StreamEnd: Hashable, Sendable {
    case closed, lost, timedOut, tooLarge
}

extension AgentOutcome.Ending {
    /// How a run ended: as it said itself, else by the end of its stream.
    init(said: Self?, _ end: StreamEnd, hasSpoken: Bool, _ tally: AgentTally) {
        switch (said, end) {
        // A run that finished without a word, of which something could not be read, may have lost its answer.
        case (.finished, _) where !hasSpoken && tally.unreadable > 0: self = .failed(code: nil)
        case (let said?, _): self = said
        case (nil, .closed), (nil, .lost): self = .truncated
        case (nil, .timedOut): self = .timedOut
        case (nil, .tooLarge): self = .tooLarge
        }
    }
}

/// What a decoder saw, for the log and the caps; numbers only.
struct AgentTally: Hashable, Sendable {
    var events = 0
    /// Events that belong to the run which was asked for.
    var own = 0
    /// Bytes of text, in UTF-8.
    var text = 0
    var attachments = 0
    /// Attachments that broke the contract, or were too many.
    var dropped = 0
    /// Events of a type that is not known.
    var unknown = 0
    /// Events that are not JSON, or lack what makes them useful.
    var unreadable = 0
}
