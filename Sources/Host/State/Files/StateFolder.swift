import FoundationEssentials
import Glibc

/// The folder of a state, and what is in it, as this process may use it.
package struct StateFolder: Hashable, Sendable {
    package let path: String
    /// Where the database is.
    private let database: String

    /// - Parameter database: The path of the state’s database.
    package init(database: String) {
        self.database = database
        path = database.lastIndex(of: "/").map { String(database[..<$0]) } ?? "."
    }

    package var files: FileCabinet { FileCabinet(directory: "\(path)/files") }

    package var deathMark: String { "\(database)-mark" }

    /// Throws when something in the folder could not be written later, such as a backup that another user restored.
    ///
    /// - Throws: ``StateError/unwritable(reason:)`` with the path, and what to do about it.
    package func proveUsable() throws(StateError) {
        try prove(path, isFolder: true)
        for file in [database, "\(database)-wal", "\(database)-shm", deathMark, "\(path)/lock"] where Self.exists(file)
        {
            try prove(file, isFolder: false)
        }
        guard Self.exists(files.directory) else { return }
        try prove(files.directory, isFolder: true)
        for turn in files.turns { try prove(files.path("\(turn)"), isFolder: true) }
    }

    /// Makes the folder of the files, and all that was made by now survive a power cut.
    package func makeDurable() throws(StateError) {
        do throws(StateLock.Failure) { try StateLock.makeDirectory(files.directory) } catch {
            throw .unwritable(reason: error.reason)
        }
        for folder in [files.directory, path] { try Self.sync(folder) }
        // The folder above may be another user’s, who made this one.
        try? Self.sync("\(path)/..")
    }

    /// Makes the names in a folder survive a power cut.
    static func sync(_ folder: String) throws(StateError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unwritable(reason: fault(errno, at: folder)) }
        defer { close(descriptor) }
        // Some file systems sync no folders.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw .unwritable(reason: fault(errno, at: folder)) }
    }

    private func prove(_ place: String, isFolder: Bool) throws(StateError) {
        var status = stat()
        guard stat(place, &status) == 0 else { throw .unwritable(reason: Self.fault(errno, at: place)) }
        guard (status.st_mode & S_IFMT == S_IFDIR) == isFolder else {
            throw .unwritable(reason: Self.fault(isFolder ? ENOTDIR : EISDIR, at: place))
        }
        let needed = isFolder ? R_OK | W_OK | X_OK : R_OK | W_OK
        guard faccessat(AT_FDCWD, place, needed, AT_EACCESS) == 0 else {
            throw .unwritable(reason: Self.fault(errno, at: place))
        }
    }

    private static func exists(_ place: String) -> Bool { access(place, F_OK) == 0 }

    /// What is wrong at `place`, and what to do about it.
    ///
    /// - Parameter code: An `errno`.
    static func fault(_ code: Int32, at place: String) -> String {
        let remedy =
            switch code {
            case EACCES, EPERM:
                "give the folder of the state, with all that is in it, to the user that runs this program (number \(geteuid()))"
            case EROFS: "mount its disk for writing, or set state.path to another one"
            case ENOSPC, EDQUOT: "make room on its disk"
            case ENOTDIR, EISDIR: "move away what is there: it is not of a state"
            case EIO: "its disk fails: put a backup on another one"
            default: "it must be writable for the user that runs this program"
            }
        return "\(place) cannot be written: \(String(cString: strerror(code))); \(remedy)"
    }
}
