import Glibc
import SurfaceKit

/// A regular file on this machine's disk, read piece by piece.
final class LocalFile {
    /// In bytes, when it was opened.
    let size: Int
    private let descriptor: Int32

    /// `nil` when there is no such file, or it may not be read.
    init?(path: String) {
        // A named pipe would hold the call until somebody writes to it.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            size = 0
            return nil
        }
        size = Int(status.st_size)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The next bytes; `nil` at the end.
    func next(atMost count: Int = 65_536) throws(SurfaceError) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = Glibc.read(descriptor, &bytes, count)
        guard read >= 0 else { throw .unavailable(reason: "cannot read: \(String(cString: strerror(errno)))") }
        return read > 0 ? Array(bytes[..<read]) : nil
    }
}
