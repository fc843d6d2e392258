/// Where lanes of one kind run.
struct LaneScope: Sendable {
    let scope: TaskScope
    let census: LaneCensus

    func lane(_ work: any LaneWork) -> Lane { Lane(work: work, scope: scope, census: census) }
}
