/// What one part of a check found out.
struct Finding: Sendable {
    var trials: [CheckReport.Trial]
    var clocks: [ClockReading] = []

    init(_ trials: [CheckReport.Trial], clocks: [ClockReading] = []) {
        self.trials = trials
        self.clocks = clocks
    }

    init(_ what: String, _ ok: Bool, _ detail: String) {
        self.init([CheckReport.Trial(what: what, ok: ok, detail: detail)])
    }
}
