import AgentLink
import Basics
import FoundationEssentials
import Glibc
import SurfaceKit

/// The files of turns on this machine’s disk, below the state directory: `files/TURN/NUMBER`.
package struct FileCabinet: Sendable {
    package let directory: String

    package init(directory: String) { self.directory = directory }

    /// Where the `number`th file of a question is kept, relative to the cabinet.
    package static func name(ofFile number: Int, turn: TurnID) -> String { "\(turn)/in\(number)" }

    /// Where the `number`th file of an answer is kept, relative to the cabinet.
    package static func name(ofAnswerFile number: Int, turn: TurnID) -> String { "\(turn)/out\(number)" }

    /// Begins the file `name`, over what was there.
    package func output(_ name: String) throws -> FileOutput {
        let path = path(name)
        if let slash = path.lastIndex(of: "/") { try StateLock.makeDirectory(String(path[..<slash])) }
        return try FileOutput(path: path)
    }

    /// The full path of a file of the cabinet.
    package func path(_ name: String) -> String { "\(directory)/\(name)" }

    /// Bytes of a file in the cabinet; `nil` when it is gone.
    package func size(of file: AgentFile) -> Int? {
        guard case .path(let name) = file.source else { return nil }
        var status = stat()
        return stat(path(name), &status) == 0 ? Int(status.st_size) : nil
    }

    /// The message with full paths.
    package func resolved(_ message: AgentMessage) -> AgentMessage {
        let parts = message.parts.map { part in
            guard case .file(let file) = part, case .path(let name) = file.source else { return part }
            let source = AgentFile.Source.path(path(name))
            return .file(AgentFile(kind: file.kind, source: source, mimeType: file.mimeType, name: file.name))
        }
        return AgentMessage(id: message.id, role: message.role, parts: parts)
    }

    /// The content with full paths.
    package func resolved(_ content: MessageContent) -> MessageContent {
        guard case .file(let file) = content else { return content }
        let full = path(file.path)
        return .file(
            OutboundFile(path: full, kind: file.kind, name: file.name, mimeType: file.mimeType, size: file.size)
        )
    }

    /// Removes the files of `turn` that are not needed, and its folder when none is.
    ///
    /// - Throws: ``StateError/unwritable(reason:)`` when one cannot be removed; the others are all the same.
    package func clean(_ turn: TurnID, keeping needed: NeededFiles) throws(StateError) {
        guard case .only(let names) = needed else { return }
        let folder = path("\(turn)")
        var fault: String?
        for file in Self.list(folder) where !names.contains("\(turn)/\(file)") {
            if unlink("\(folder)/\(file)") != 0, errno != ENOENT {
                fault = StateFolder.fault(errno, at: "\(folder)/\(file)")
            }
        }
        if names.isEmpty, rmdir(folder) != 0, errno != ENOENT, errno != ENOTEMPTY {
            fault = StateFolder.fault(errno, at: folder)
        }
        if let fault { throw .unwritable(reason: fault) }
    }

    private static func list(_ folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    /// Turns that have files.
    package var turns: [TurnID] { Self.list(directory).compactMap { Int64($0).map { TurnID($0) } } }
}
