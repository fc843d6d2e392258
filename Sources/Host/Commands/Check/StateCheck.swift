import Basics
import FoundationEssentials
import Glibc
import Manifest
import State

/// Whether the folder of the state can be used, and whether there is room.
struct StateCheck: Sendable {
    let plan: StatePlan
    let host: StateLock.Use

    /// Less is too little for the files of one question and the database’s journal, in bytes.
    private static let least: UInt64 = 256 << 20

    var finding: Finding {
        let (ok, detail) = verdict()
        return Finding("state.path", ok, detail)
    }

    private func verdict() -> (Bool, String) {
        let folder = nearest(plan.path)
        var status = stat()
        guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            return (false, "\(folder) cannot be a folder for the state: a file is there")
        }
        guard access(folder, W_OK | X_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            return (false, "\(folder) cannot be written: \(reason); give it to the user that runs this program")
        }
        if let room = room(in: folder), room < Self.least {
            let detail = "only \(room >> 20) MiB are free in \(folder); free at least \(Self.least >> 20) MiB"
            return (false, detail)
        }
        if folder == plan.path, let refusal = refusal() { return (false, refusal) }
        if let trouble = trouble() { return (false, "\(plan.database): \(trouble)") }
        switch host {
        case .free where folder != plan.path: return (true, "\(plan.path) will be made")
        case .free: return (true, "\(plan.path) can be written; no host runs on it")
        case .held(let pid): return (true, "\(plan.path) is used by the host\(pid.map { ", process \($0)" } ?? "")")
        }
    }

    /// `path`, or the folder above it that is there.
    private func nearest(_ path: String) -> String {
        var path = path
        while !path.isEmpty, access(path, F_OK) != 0, let slash = path.lastIndex(of: "/") {
            path = String(path[..<slash])
        }
        return path.isEmpty ? "/" : path
    }

    private func room(in folder: String) -> UInt64? {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }

    /// Why the host would not start on the folder that is there.
    private func refusal() -> String? {
        do throws(StateError) {
            try StateFolder(database: plan.database).proveUsable()
            return nil
        } catch {
            return error.reason
        }
    }

    /// What is wrong with the database, when there is one.
    private func trouble() -> String? {
        guard access(plan.database, F_OK) == 0 else { return nil }
        let replace = "stop the host and put a backup in its place"
        do throws(StateError) {
            return try SharedState.damage(at: plan.database).map { "\($0); \(replace)" }
        } catch {
            switch error {
            case .unusable(let reason), .failed(let reason), .damaged(_, let reason): return "\(reason); \(replace)"
            case .unwritable(let reason):
                return "\(reason); it must be writable for the user that runs this program, and its disk have room"
            }
        }
    }
}
