import Glibc
import LoopbackServer

/// A program that a test has started, with its output in a file.
///
/// Not `Foundation.Process`: it watches a process through a descriptor that the process’s own children keep open, and
/// closes descriptors while other tests open theirs.
final class ServerProcess: Sendable {
    private let identifier: pid_t

    /// - Throws: ``SocketFailure`` with the system’s code.
    init(_ path: String, _ arguments: [String], output: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var identifier = pid_t()
        let code = posix_spawn(&identifier, path, &actions, nil, &words, environ)
        guard code == 0 else { throw SocketFailure(code) }
        self.identifier = identifier
    }

    /// Whether it has not ended yet.
    var isRunning: Bool {
        var status: Int32 = 0
        return waitpid(identifier, &status, WNOHANG) == 0
    }

    func kill() { Glibc.kill(identifier, SIGKILL) }

    deinit {
        kill()
        var status: Int32 = 0
        waitpid(identifier, &status, 0)
    }
}
