import Basics
import Metrics

/// Writes metrics in Prometheus’ text format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
package struct Exposition: Sendable {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package struct Sample: Sendable {
        /// In the order of the family’s labels.
        package let labels: [String]
        package let value: Double

        package init(_ labels: [String], _ value: Double) {
            self.labels = labels
            self.value = value
        }

        package init(_ labels: [String], _ value: some BinaryInteger) { self.init(labels, Double(value)) }
    }

    private(set) var text = ""

    /// Adds a counter or gauge; one without samples is left out.
    package mutating func add(_ family: MetricFamily, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        begin(family)
        for sample in samples { line(family.name, pairs(family, sample.labels), sample.value) }
    }

    package mutating func add(_ family: MetricFamily, _ value: Double) { add(family, [Sample([], value)]) }

    package mutating func add(
        _ family: MetricFamily,
        histograms: [(labels: [String], snapshot: Histogram.Snapshot)]
    ) {
        guard !histograms.isEmpty else { return }
        begin(family)
        for (labels, snapshot) in histograms {
            let pairs = pairs(family, labels)
            var count = 0
            for (bound, within) in zip(snapshot.bounds + [.infinity], snapshot.counts) {
                count += within
                line("\(family.name)_bucket", pairs + [("le", Self.number(bound))], Double(count))
            }
            line("\(family.name)_sum", pairs, snapshot.sum)
            line("\(family.name)_count", pairs, Double(count))
        }
    }

    private mutating func begin(_ family: MetricFamily) {
        text += "# HELP \(family.name) \(Self.escaped(family.help))\n# TYPE \(family.name) \(family.kind.rawValue)\n"
    }

    private func pairs(_ family: MetricFamily, _ values: [String]) -> [(String, String)] {
        zip(family.labels, values).map { ($0, $1) }
    }

    private mutating func line(_ name: String, _ labels: [(String, String)], _ value: Double) {
        let list = labels.map { "\($0)=\"\(Self.escaped($1).replacing("\"", with: "\\\""))\"" }.joined(separator: ",")
        text += "\(name)\(list.isEmpty ? "" : "{\(list)}") \(Self.number(value))\n"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    package static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}
