/// How far a forgetting has come.
///
/// It goes in steps that each look at a bounded number of rows, so that messages never wait for a large one.
package struct ForgettingPlace: Hashable, Sendable {
    enum Stage: CaseIterable {
        case events, staged, setAside, posts, turns, contexts, threads, people
    }

    let stage: Stage
    /// The row that was looked at last in this stage: the time by which it is ordered, and its number.
    let time: Int64
    let number: Int64

    package static let start = Self(.events)

    init(_ stage: Stage, time: Int64 = .min, number: Int64 = .min) {
        self.stage = stage
        self.time = time
        self.number = number
    }

    /// The beginning of the next stage; `nil` when all is done.
    var nextStage: Self? {
        let stages = Stage.allCases.drop { $0 != stage }.dropFirst()
        return stages.first.map { Self($0) }
    }
}
