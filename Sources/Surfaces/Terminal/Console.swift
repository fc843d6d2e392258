import Glibc

/// Where a person types and reads.
///
/// It belongs to the process: a surface that is replaced after a change of the manifest leaves it to the next one.
final class Console: Sendable {
    static let standard = Console(input: STDIN_FILENO, output: STDOUT_FILENO)

    let keyboard: Keyboard
    let printer: Printer

    /// - Parameters:
    ///   - input: Stays open as long as the console lives, like `output`.
    init(input: Int32, output: Int32) {
        keyboard = Keyboard(descriptor: input)
        printer = Printer(output: OutputDescriptor(output), echoes: isatty(input) == 1)
    }
}
