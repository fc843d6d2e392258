import Basics
import Testing

@testable import AgentLink
@testable import HTTP

/// How the bytes of a stream arrive.
enum Chunking: Sendable, CaseIterable {
    case bytes, random, whole

    func cut(_ bytes: [UInt8], seed: UInt64) -> [ArraySlice<UInt8>] {
        var source = SeededGenerator(seed: seed)
        var pieces: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let size =
                switch self {
                case .bytes: 1
                case .random: Int.random(in: 1...97, using: &source)
                case .whole: rest.count
                }
            pieces.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        return pieces
    }
}

/// The same numbers in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// What a run said, gathered as a host would.
struct Said: Equatable {
    var texts: [String] = []
    /// What the agent calls its messages.
    var names: [String] = []
    var files: [AgentFile] = []
    /// Files that could not be read.
    var lost = 0
    var starts = 0
    var activities = 0
    var endings: [AgentOutcome] = []
    /// An index that was neither known nor the next one, an empty delta, a message under another name than before, or
    /// an event after the last.
    var violations = 0

    var ending: AgentOutcome.Ending? { endings.first?.ending }

    init(_ events: some Sequence<AgentEvent>) { for event in events { add(event) } }

    mutating func add(_ event: AgentEvent) {
        if !endings.isEmpty { violations += 1 }
        switch event {
        case .started: starts += 1
        case .activity: activities += 1
        case .attachment(let file): files.append(file)
        case .attachmentLost: lost += 1
        case .ended(let outcome):
            endings.append(outcome)
            if outcome.messages.map(\.id) != names { violations += 1 }
        case .text(let index, let message, let delta):
            if index == texts.count {
                texts.append("")
                names.append(message)
            }
            guard texts.indices.contains(index), names[index] == message, !delta.isEmpty else {
                return violations += 1
            }
            texts[index] += delta
        }
    }
}

extension AgentDecoder {
    /// Everything that `bytes` mean, arriving in `pieces` before the stream ends.
    mutating func replay(_ pieces: [ArraySlice<UInt8>], end: StreamEnd = .closed) -> [AgentEvent] {
        var parser = ServerSentEventParser()
        var events: [AgentEvent] = []
        for piece in pieces {
            guard let frames = try? parser.append(piece) else { return events + finish(.tooLarge) }
            for frame in frames { events += decode(frame.data) }
        }
        return events + finish(end)
    }

    /// What these events, as JSON, mean while more may come.
    mutating func replayed(_ events: [String]) -> [AgentEvent] { events.flatMap { decode(Array($0.utf8)) } }

    /// Everything that these events, as JSON, mean.
    mutating func replay(_ events: [String], end: StreamEnd = .closed) -> Said {
        Said(events.flatMap { decode(Array($0.utf8)) } + finish(end))
    }
}
