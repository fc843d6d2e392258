import Glibc
import SurfaceKit

/// A file descriptor to write to without ever waiting for the reader.
final class OutputDescriptor: Sendable {
    let isTerminal: Bool
    private let given: Int32
    /// The same file, opened anew, or `nil` where that cannot be had.
    ///
    /// Not to wait is then a matter of this descriptor alone, not of the shell's or the log's.
    private let patient: Int32?

    /// What a pipe that can be written to at all takes without waiting.
    private static let piece = 512

    /// - Parameter descriptor: Stays open as long as this lives.
    init(_ descriptor: Int32) {
        given = descriptor
        isTerminal = isatty(descriptor) == 1
        var status = stat()
        let isPipe = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
        let flags = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        let reopened = isTerminal || isPipe ? open("/proc/self/fd/\(descriptor)", flags) : -1
        patient = reopened >= 0 ? reopened : nil
    }

    deinit { if let patient { close(patient) } }

    /// Whether something can be written now.
    ///
    /// A terminal that is held (Ctrl-S) and a pipe that is full say no.
    var isWritable: Bool {
        var request = pollfd(fd: patient ?? given, events: Int16(POLLOUT), revents: 0)
        return poll(&request, 1, 0) != 0
    }

    /// Columns and rows of the terminal; 0 where it does not tell.
    var size: (columns: Int, rows: Int) {
        var window = winsize()
        guard isTerminal, ioctl(given, UInt(TIOCGWINSZ), &window) == 0 else { return (0, 0) }
        return (Int(window.ws_col), Int(window.ws_row))
    }

    /// - Returns: How many bytes were taken: 0 when it would have to wait.
    func write(_ bytes: ArraySlice<UInt8>) throws(SurfaceError) -> Int {
        guard isWritable else { return 0 }
        let count = patient == nil ? min(bytes.count, Self.piece) : bytes.count
        let written = bytes.withUnsafeBytes { Glibc.write(patient ?? given, $0.baseAddress, count) }
        if written >= 0 { return written }
        switch errno {
        case EAGAIN, EINTR: return 0
        case ENOSPC, EDQUOT: throw .unavailable(retryAfter: .seconds(10), reason: "the disk of the output is full")
        default:
            let reason = String(cString: strerror(errno))
            throw .refused(.conversationGone, reason: "standard output is closed: \(reason)")
        }
    }
}
