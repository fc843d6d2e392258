import Glibc

/// One line on a terminal that tells what is being waited for; nothing where nobody watches.
struct ProgressLine: Sendable {
    /// `nil` shows nothing.
    private let terminal: Int32?

    /// - Parameters:
    ///   - descriptor: Shows something only when it is a terminal.
    ///   - isWanted: False for output that a program reads.
    init(on descriptor: Int32 = STDERR_FILENO, isWanted: Bool) {
        terminal = isWanted && isatty(descriptor) == 1 ? descriptor : nil
    }

    /// Shows `text` in place of what was shown before, cut to the width of the terminal.
    func show(_ text: String) {
        guard let terminal else { return }
        write("\r\(text.prefix(Self.columns(of: terminal) - 1))\u{1B}[K", to: terminal)
    }

    /// Leaves the line empty, for what is printed next.
    func clear() {
        guard let terminal else { return }
        write("\r\u{1B}[K", to: terminal)
    }

    private static func columns(of terminal: Int32) -> Int {
        var size = winsize()
        guard ioctl(terminal, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return 80 }
        return Int(size.ws_col)
    }

    private func write(_ text: String, to descriptor: Int32) {
        // Decoration: what cannot be written is not missed.
        _ = Array(text.utf8).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}
