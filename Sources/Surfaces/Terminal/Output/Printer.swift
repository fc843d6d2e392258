import SurfaceKit

/// Puts on the display what a surface says, in whole pieces.
actor Printer {
    private let output: OutputDescriptor
    private var display: any Display
    private var unwritten: [UInt8] = []

    /// How long a display that takes nothing is waited for before a message is begun.
    private static let patience = Duration.seconds(1)
    private static let pause = Duration.milliseconds(20)

    /// - Parameter echoes: Whether what people type appears on the display by itself.
    init(output: OutputDescriptor, echoes: Bool) {
        self.output = output
        display = output.isTerminal ? Screen(echoes: echoes) : Page()
    }

    // What is good to see and owed to nobody: it waits for nothing.

    func open() { mention { $0.open() } }
    func close() { mention { $0.close() } }
    func typed(_ lines: [String]) { mention { $0.typed(lines) } }
    func notice(_ words: String) { mention { $0.notice(words) } }

    /// Shows what `draw` says; returns when the reader has it.
    func show(_ draw: @Sendable (inout any Display) -> String) async throws(SurfaceError) {
        try await untilWritable()
        unwritten += drawn(draw)
        try flush()
        while !unwritten.isEmpty {
            do { try await Task.sleep(for: Self.pause) } catch {
                throw .unknownOutcome(reason: "the output was held in the middle of a message")
            }
            try flush()
        }
    }

    private func mention(_ draw: (inout any Display) -> String) {
        unwritten += drawn(draw)
        // An output that is gone fails the next message, which is told of it.
        try? flush()
    }

    private func drawn(_ draw: (inout any Display) -> String) -> [UInt8] {
        let size = output.size
        display.resize(columns: size.columns, rows: size.rows)
        return Array(draw(&display).utf8)
    }

    private func untilWritable() async throws(SurfaceError) {
        let end = ContinuousClock.now + Self.patience
        while true {
            try flush()
            if unwritten.isEmpty, output.isWritable { return }
            guard ContinuousClock.now < end else { break }
            do { try await Task.sleep(for: Self.pause) } catch { throw .cancelled }
        }
        throw .unavailable(retryAfter: .seconds(1), limited: true, reason: "nobody reads standard output")
    }

    private func flush() throws(SurfaceError) {
        while !unwritten.isEmpty {
            let count: Int
            do throws(SurfaceError) {
                count = try output.write(unwritten[...])
            } catch {
                if case .refused = error { unwritten = [] }
                throw error
            }
            guard count > 0 else { return }
            unwritten.removeFirst(count)
        }
    }
}
