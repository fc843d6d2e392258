import Basics

/// What happened, line by line, with the time.
final class Trace: @unchecked Sendable {
    private(set) var lines: [String] = []
    private let system: VirtualSystem

    init(_ system: VirtualSystem) { self.system = system }

    func note(_ line: @autoclosure () -> String) {
        let milliseconds = system.elapsed.milliseconds
        let rest = String(milliseconds % 1000)
        let padded = String(repeating: "0", count: 3 - rest.count) + rest
        lines.append("\(milliseconds / 1000).\(padded) \(line())")
    }

    /// FNV-1a over all lines, to compare two runs.
    var digest: String {
        let hash = lines.joined(separator: "\n").utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
        return String(hash, radix: 16)
    }
}
