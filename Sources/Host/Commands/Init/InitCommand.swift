import Basics
import Glibc
import Manifest
import Settings
import SurfaceKit

/// `surfaces init`: writes a manifest to begin with.
struct InitCommand {
    let catalog: SurfaceCatalog
    let console: Console

    func run(_ request: InitRequest) -> ExitCode {
        // Before the questions: nobody answers them for nothing.
        if !request.replaces, access(request.output, F_OK) == 0 {
            return refuse(
                "\(request.output) exists; write elsewhere with “--output FILE”, or replace it with “--force”"
            )
        }
        var request = request
        if request.kinds.isEmpty {
            guard console.isConversation else {
                let kind = catalog.example?.kind.rawValue ?? "KIND"
                return refuse("say which messengers, as “--surface \(kind)”; questions are asked on a terminal only")
            }
            let interview = Interview(catalog: catalog, ask: console.ask, say: console.print)
            guard let answered = interview.complete(request) else {
                console.print("")
                return refuse("nothing was written: the answers ended")
            }
            request = answered
        }
        do throws(ManifestDraft.Problem) {
            return write(try ManifestDraft(request, catalog), request)
        } catch {
            return refuse(error.message)
        }
    }

    private func refuse(_ message: String) -> ExitCode {
        console.complain("surfaces: \(message)")
        return .usage
    }

    private func write(_ draft: ManifestDraft, _ request: InitRequest) -> ExitCode {
        let text = "\(draft.json.indentedText())\n"
        guard NewFile.write(Array(text.utf8), to: request.output, replaces: request.replaces) else {
            let reason = String(cString: strerror(errno))
            console.complain("surfaces: \(request.output) cannot be written: \(reason)")
            return errno == EEXIST ? .usage : .unavailable
        }
        console.print(
            "Wrote \(request.output): \(request.kinds.joined(separator: ", ")).\n\n\(Self.steps(draft, request))"
        )
        return .fine
    }

    private static func steps(_ draft: ManifestDraft, _ request: InitRequest) -> String {
        let file = request.output == "surfaces.json" ? "" : " --manifest \(request.output)"
        let exports = Table(draft.variables.map { ["   export \($0.name)=…", "# \($0.meaning)"] }).text
        let approve =
            (request.policy ?? .pairing) == .pairing
            ? "\n  4. surfaces pair list\(file), then pair approve CODE, when somebody has written to the bot" : ""
        return """
            Next:
              1. Set what it names; the manifest itself holds no secret:
            \(exports)
              2. surfaces check --online\(file)
              3. surfaces run\(file)\(approve)
            """
    }
}

/// A file that is there whole or not at all.
private enum NewFile {
    /// - Returns: False with `errno` set.
    static func write(_ bytes: [UInt8], to path: String, replaces: Bool) -> Bool {
        let place = replaces ? "\(path).new" : path
        let descriptor = open(place, O_WRONLY | O_CREAT | O_CLOEXEC | (replaces ? O_TRUNC : O_EXCL), 0o644)
        guard descriptor >= 0 else { return false }
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { break }
            rest = rest.dropFirst(written)
        }
        let isWhole = rest.isEmpty && fsync(descriptor) == 0
        let (isClosed, reason) = (close(descriptor) == 0, errno)
        if isWhole, isClosed, !replaces || rename(place, path) == 0 { return true }
        unlink(place)
        errno = reason
        return false
    }
}
