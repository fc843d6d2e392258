import Basics

/// Where lanes of one kind run.
struct LaneScope: Sendable {
    let system: any System
    let scope: TaskScope
    let census: LaneCensus

    func lane(_ work: any LaneWork) -> Lane { Lane(work: work, system: system, scope: scope, census: census) }
}
