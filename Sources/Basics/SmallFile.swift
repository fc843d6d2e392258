import Glibc

/// Why a file that an operator named cannot be used.
package enum FileFault: Error, Hashable, CustomStringConvertible {
    case notFound
    case notPermitted
    case isDirectory
    case tooLarge(limit: Int)
    case other(reason: String)

    package var description: String {
        switch self {
        case .notFound: "the file does not exist"
        case .notPermitted: "the file may not be read by this user"
        case .isDirectory: "this is a directory, not a file"
        case .tooLarge(let limit): "the file is larger than \(limit) bytes"
        case .other(let reason): "the file cannot be read: \(reason)"
        }
    }
}

/// Reads a whole file that ought to be small, such as a manifest, a key or a certificate.
///
/// - Parameter limit: Largest size, in bytes.
package func contents(ofSmallFile path: String, limit: Int) throws(FileFault) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFault(errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= limit {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw FileFault(errno) }
        if count == 0 { return bytes }
        bytes += buffer[..<count]
    }
    throw .tooLarge(limit: limit)
}

extension FileFault {
    fileprivate init(_ code: Int32) {
        self =
            switch code {
            case ENOENT, ENOTDIR: .notFound
            case EACCES, EPERM: .notPermitted
            case EISDIR: .isDirectory
            default: .other(reason: String(cString: strerror(code)))
            }
    }
}
