import Glibc

/// A file that is being written.
package final class FileOutput: Sendable {
    private let descriptor: Int32
    private let path: String

    init(path: String) throws(StateError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw .unwritable(reason: StateFolder.fault(errno, at: path)) }
    }

    deinit { close(descriptor) }

    /// Makes the file survive a power cut: a row that names it may be stored after that, not before.
    package func finish() throws(StateError) {
        guard fsync(descriptor) == 0 else { throw .unwritable(reason: StateFolder.fault(errno, at: path)) }
        // The names in the folder, and of the folder in the one above it.
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        for folder in [folder, "\(folder)/.."] { try StateFolder.sync(folder) }
    }

    package func write(_ bytes: [UInt8]) throws(StateError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .unwritable(reason: StateFolder.fault(errno, at: path)) }
            written += count
        }
    }
}
