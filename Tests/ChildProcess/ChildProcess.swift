import CSpawn
import Glibc
import Synchronization

/// A program that a test has started; killed when nothing holds it any more.
///
/// Not `Foundation.Process`: it reads the list of the open descriptors while other tests open theirs, and writes
/// beyond the memory that it took for it; and it watches a process through a descriptor that the process’s own
/// children keep open.
package final class ChildProcess: Sendable {
    package enum Output: Sendable {
        case discarded
        /// Appended to the file at this path.
        case file(String)
        /// Read by ``readOutput()``, ``readLine()`` or ``readErrors()``.
        case pipe
    }

    /// The system’s code of what failed.
    package struct Failure: Error {
        package let code: Int32
    }

    package let identifier: pid_t
    private let output: Int32?
    private let errors: Int32?
    private let status = Mutex<Int32?>(nil)

    /// - Parameters:
    ///   - program: A path, or a name that is looked up in `PATH`.
    ///   - environment: `nil` for the tests’ own.
    ///   - input: The file that it reads as its input.
    /// - Throws: ``Failure``.
    package init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String]? = nil,
        in folder: String? = nil,
        input: String = "/dev/null",
        output: Output = .discarded,
        errors: Output = .discarded
    ) throws(Failure) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let folder { cspawn_addchdir(&actions, folder) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
        let outputEnds = try Self.connect(STDOUT_FILENO, to: output, &actions)
        let errorEnds = try Self.connect(STDERR_FILENO, to: errors, &actions)
        cspawn_addclosefrom(&actions, STDERR_FILENO + 1)

        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            (environment ?? [:]).map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for word in words + variables { free(word) } }
        var identifier = pid_t()
        let code = variables.withUnsafeMutableBufferPointer { own in
            posix_spawnp(
                &identifier,
                program,
                &actions,
                nil,
                &words,
                environment == nil ? environ : own.baseAddress
            )
        }
        for end in [outputEnds?.write, errorEnds?.write] { if let end { close(end) } }
        guard code == 0 else {
            for end in [outputEnds?.read, errorEnds?.read] { if let end { close(end) } }
            throw Failure(code: code)
        }
        self.identifier = identifier
        self.output = outputEnds?.read
        self.errors = errorEnds?.read
    }

    deinit {
        kill()
        wait()
        for descriptor in [output, errors] { if let descriptor { close(descriptor) } }
    }

    private static func connect(
        _ target: Int32,
        to output: Output,
        _ actions: inout posix_spawn_file_actions_t
    ) throws(Failure) -> (read: Int32, write: Int32)? {
        switch output {
        case .discarded:
            posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_WRONLY, 0)
            return nil
        case .file(let path):
            posix_spawn_file_actions_addopen(&actions, target, path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
            return nil
        case .pipe:
            var ends: [Int32] = [0, 0]
            guard cspawn_pipe(&ends) == 0 else { throw Failure(code: errno) }
            posix_spawn_file_actions_adddup2(&actions, ends[1], target)
            return (ends[0], ends[1])
        }
    }

    // MARK: Ending

    /// Whether it has not ended yet.
    package var isRunning: Bool { status.withLock { reap(&$0, WNOHANG) } == nil }

    package func terminate() { signal(SIGTERM) }
    package func kill() { signal(SIGKILL) }

    /// Sends `number`, unless it has ended: then its identifier may belong to another process.
    package func signal(_ number: Int32) {
        status.withLock { status in
            if reap(&status, WNOHANG) == nil { Glibc.kill(identifier, number) }
        }
    }

    /// Waits on the calling thread until it has ended.
    ///
    /// - Returns: Its exit code, or 128 and the number of the signal that ended it, as a shell has it.
    @discardableResult
    package func wait() -> Int32 {
        var information = siginfo_t()
        // Without the lock, so that it can be killed meanwhile.
        while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        return status.withLock { reap(&$0, 0) } ?? -1
    }

    private func reap(_ status: inout Int32?, _ options: Int32) -> Int32? {
        if let status { return status }
        var word: Int32 = 0
        guard waitpid(identifier, &word, options) == identifier else { return nil }
        let number = word & 0x7F
        status = number == 0 ? (word >> 8) & 0xFF : 128 + number
        return status
    }

    // MARK: Reading

    /// What it writes until it closes its output, read on the calling thread.
    package func readOutput() -> [UInt8] { output.map { Self.read($0) } ?? [] }
    package func readErrors() -> [UInt8] { errors.map { Self.read($0) } ?? [] }

    /// The next line of its output, or what there is of it at the end, read on the calling thread.
    package func readLine() -> String? {
        guard let output else { return nil }
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while Glibc.read(output, &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }

    private static func read(_ descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count > 0 { bytes += piece[..<count] } else if count == 0 || errno != EINTR { return bytes }
        }
    }
}
