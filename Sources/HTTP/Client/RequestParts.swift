import FoundationEssentials
import Glibc

/// A request body whose bytes lie ready, in memory and on disk.
struct RequestParts: Sendable {
    private enum Source {
        case bytes([UInt8])
        case file(BodyFile)

        var count: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .file(let file): file.size
            }
        }
    }

    /// In bytes.
    let length: Int
    private let sources: [Source]

    /// - Throws: ``HTTPError/invalidRequest(reason:)`` when a file cannot be read.
    init(_ parts: [HTTPBody.Part]) throws(HTTPError) {
        var sources: [Source] = []
        for part in parts {
            switch part {
            case .bytes(let bytes): sources.append(.bytes(bytes))
            case .file(let path): sources.append(.file(try BodyFile(path: path)))
            }
        }
        self.sources = sources
        length = sources.reduce(0) { $0 + $1.count }
    }

    /// Copies what follows `offset`.
    ///
    /// - Returns: The number of bytes, 0 at the end; `nil` when a file is shorter than it was.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int? {
        var start = offset
        for source in sources {
            guard start >= source.count else {
                let window = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(source.count - start))
                switch source {
                case .bytes(let bytes):
                    window.copyBytes(from: bytes[start..<(start + window.count)])
                    return window.count
                case .file(let file):
                    return file.read(into: window, at: start)
                }
            }
            start -= source.count
        }
        return 0
    }
}

/// A regular file, open for as long as the value lives.
private final class BodyFile: Sendable {
    let size: Int
    private let descriptor: Int32

    init(path: String) throws(HTTPError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            let reason = String(cString: strerror(errno))
            size = 0
            throw .invalidRequest(reason: "cannot read \(path): \(reason)")
        }
        size = Int(status.st_size)
        guard status.st_mode & S_IFMT == S_IFREG else { throw .invalidRequest(reason: "\(path) is not a file") }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Reads at least one byte; `nil` when there is none.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int? {
        let count = pread(descriptor, buffer.baseAddress, buffer.count, offset)
        return count > 0 ? count : nil
    }
}
