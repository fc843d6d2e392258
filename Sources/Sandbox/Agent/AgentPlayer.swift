import Basics

/// Plays an answer at the pace of its beats.
actor AgentPlayer {
    private var beats: ArraySlice<AgentBeat>
    private let pace: Double

    init(_ beats: [AgentBeat], pace: Double) {
        self.beats = beats[...]
        self.pace = pace
    }

    /// The next event as a server-sent one; `nil` at the end.
    func next() async -> [UInt8]? {
        while let beat = beats.popFirst() {
            switch beat {
            case .wait(let duration):
                if pace > 0 { try? await Task.sleep(for: duration * pace) }
                if Task.isCancelled { return nil }
            case .event(let event): return Array("data: ".utf8) + JSONValue.object(event).encoded + [10, 10]
            case .hangUp: return nil
            }
        }
        return nil
    }
}
