import Glibc

/// Standard output and standard error, in whole lines, without a buffer.
///
/// A reader that has gone away (`surfaces check | head -1`) is no error; the process must ignore SIGPIPE.
package struct Console: Sendable {
    private let output: Int32
    private let errors: Int32

    package init(output: Int32 = STDOUT_FILENO, errors: Int32 = STDERR_FILENO) {
        self.output = output
        self.errors = errors
    }

    /// Prints an answer, with a line feed.
    package func print(_ text: String) { write("\(text)\n", to: output) }

    /// Prints what went wrong, with a line feed.
    package func complain(_ text: String) { write("\(text)\n", to: errors) }

    /// Prints a question, without a line feed, and reads a line of standard input; `nil` when that has ended.
    func ask(_ question: String) -> String? {
        write(question, to: output)
        return readLine()
    }

    /// Whether somebody sits there who can be asked.
    var isConversation: Bool { isatty(STDIN_FILENO) == 1 && isatty(output) == 1 }

    private func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }
}
