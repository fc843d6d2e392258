import Glibc

/// Keeps a state directory for one host at a time, also over crashes: the kernel lets go when the process ends.
package struct StateLock: ~Copyable {
    package enum Failure: Error, Hashable {
        /// Another host holds the directory.
        case held(pid: Int32?)
        case notPossible(reason: String)

        /// For the operator.
        package var reason: String {
            switch self {
            case .held(let pid?): "another host uses it, process \(pid)"
            case .held(nil): "another host uses it"
            case .notPossible(let reason): reason
            }
        }
    }

    private let descriptor: Int32

    /// Creates `directory` when it is missing (only its owner may read it) and takes its lock.
    package init(directory: String) throws(Failure) {
        try Self.makeDirectory(directory)
        let descriptor = open("\(directory)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .notPossible(reason: StateFolder.fault(errno, at: "\(directory)/lock")) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.pid(in: descriptor)
            Glibc.close(descriptor)
            throw .held(pid: holder)
        }
        ftruncate(descriptor, 0)
        let text = "\(getpid())\n"
        _ = text.withCString { write(descriptor, $0, strlen($0)) }
        self.descriptor = descriptor
    }

    deinit { Glibc.close(descriptor) }

    /// Lets go of the directory.
    package consuming func release() {}

    /// Who uses a state directory.
    package enum Use: Hashable, Sendable {
        case free
        case held(pid: Int32?)
    }

    /// Asks without keeping anybody out, but for the moment of the question.
    package static func use(of directory: String) -> Use {
        let descriptor = open("\(directory)/lock", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return .free }
        // Closing lets go of what was locked.
        defer { Glibc.close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) == 0 ? .free : .held(pid: pid(in: descriptor))
    }

    private static func pid(in descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: bytes.prefix { $0 != 10 && $0 != 0 }, as: UTF8.self))
    }

    /// Makes `path` and what is missing above it.
    package static func makeDirectory(_ path: String) throws(Failure) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/\(part)"
            guard mkdir(made, 0o700) != 0, errno != EEXIST else { continue }
            throw .notPossible(reason: StateFolder.fault(errno, at: made))
        }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw .notPossible(reason: "\(path) is not a directory")
        }
    }
}

extension StateLock.Failure: CustomStringConvertible {
    /// What is wrong with the directory, for the operator.
    package var description: String {
        switch self {
        case .held(let pid?): "is in use by another host, process \(pid)"
        case .held(nil): "is in use by another host"
        case .notPossible(let reason): "cannot be used: \(reason)"
        }
    }
}
