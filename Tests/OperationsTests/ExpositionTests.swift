import Metrics
import Testing

@testable import Operations

@Suite("Exposition")
struct ExpositionTests {
    private let family = MetricFamily("surfaces_things_total", .counter, "Things: \\ and\nmore.", labels: ["surface"])

    @Test func `escapes what would end a line or a value`() {
        var exposition = Exposition()

        exposition.add(family, [.init(["a\"b\\c\nd"], 3)])

        #expect(
            exposition.text == """
                # HELP surfaces_things_total Things: \\\\ and\\nmore.
                # TYPE surfaces_things_total counter
                surfaces_things_total{surface="a\\"b\\\\c\\nd"} 3

                """
        )
    }

    @Test func `adds up the buckets of a histogram`() {
        let histogram = Histogram(bounds: [0.25, 0.5])
        for duration in [Duration.milliseconds(250), .milliseconds(375), .milliseconds(500), .seconds(2)] {
            histogram.observe(duration)
        }
        var exposition = Exposition()

        exposition.add(MetricFamily("t_seconds", .histogram, "T."), histograms: [([], histogram.snapshot)])

        #expect(
            exposition.text == """
                # HELP t_seconds T.
                # TYPE t_seconds histogram
                t_seconds_bucket{le="0.25"} 1
                t_seconds_bucket{le="0.5"} 3
                t_seconds_bucket{le="+Inf"} 4
                t_seconds_sum 3.125
                t_seconds_count 4

                """
        )
    }

    @Test func `leaves out what has no samples`() {
        var exposition = Exposition()

        exposition.add(family, [])

        #expect(exposition.text.isEmpty)
    }

    @Test(arguments: [
        (0.0, "0"), (1e9, "1000000000"), (1_764_299_612.25, "1764299612.25"), (0.0025, "0.0025"),
        (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
    ])
    func `writes numbers as the format has them`(value: Double, text: String) {
        #expect(Exposition.number(value) == text)
    }

    @Test func `calls metrics as Prometheus wants them called`() throws {
        let families = MetricFamily.all

        #expect(Set(families.map(\.name)).count == families.count)
        for family in families {
            #expect(family.name.wholeMatch(of: /(surfaces|process)(_[a-z]+)+/) != nil, "\(family.name)")
            #expect(family.name.hasSuffix("_total") == (family.kind == .counter), "\(family.name)")
            #expect(family.kind != .histogram || family.name.hasSuffix("_seconds"), "\(family.name)")
            #expect(family.help.hasSuffix(".") && !family.help.contains("\n"), "\(family.name)")
            #expect(Set(family.labels).isSubset(of: bounded), "\(family.name)")
        }
    }

    /// Labels whose values the manifest or an enum bounds.
    private let bounded: Set = ["surface", "kind", "state", "ending", "outcome", "result", "level", "version"]
}
