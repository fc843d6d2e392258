import AgentLink
import Basics
import FoundationEssentials
import Glibc
import SurfaceKit

/// The files of turns on this machine’s disk, below the state directory: `files/TURN/NUMBER`.
struct FileCabinet: Sendable {
    let directory: String

    /// Fetches a file that a person sent; the result’s path is relative to the cabinet.
    func fetch(
        _ file: InboundFile,
        from surface: any Surface,
        turn: Int64,
        number: Int,
        limit: Int
    ) async throws(SurfaceError) -> AgentFile {
        let name = Self.name(ofFile: number, turn: turn)
        let output: FileOutput
        do {
            output = try open(name)
        } catch {
            throw .unavailable(reason: "\(error)")
        }
        try await surface.fetch(file.reference, limit: limit) { bytes throws(SurfaceError) in
            do {
                try output.write(bytes)
            } catch {
                throw .unavailable(reason: "\(error)")
            }
        }
        return AgentFile(
            kind: AgentFile.Kind(file.kind),
            source: .path(name),
            mimeType: file.mimeType,
            name: file.name
        )
    }

    /// Where the `number`th file of a question is kept.
    static func name(ofFile number: Int, turn: Int64) -> String { "\(turn)/in\(number)" }

    /// Keeps a file that the agent sent until it is delivered.
    ///
    /// - Parameter remote: How one is fetched that the agent only names.
    func save(_ file: AgentFile, turn: Int64, number: Int, remote: RemoteFile) async throws -> OutboundFile {
        let name = "\(turn)/out\(number)"
        let output = try open(name)
        switch file.source {
        case .data(let bytes): try output.write(bytes)
        case .url(let url): try await remote.fetch(url) { try output.write($0) }
        case .path: throw RemoteFile.Refusal(reason: "an agent cannot name a file of this machine")
        }
        let source = AgentFile.Source.path(name)
        let saved = AgentFile(kind: file.kind, source: source, mimeType: file.mimeType, name: file.name)
        return OutboundFile(
            path: path(name),
            kind: FileKind(file.kind),
            name: file.name,
            mimeType: file.mimeType,
            size: size(of: saved) ?? 0
        )
    }

    /// Bytes of a file in the cabinet; `nil` when it is gone.
    func size(of file: AgentFile) -> Int? {
        guard case .path(let name) = file.source else { return nil }
        var status = stat()
        return stat(path(name), &status) == 0 ? Int(status.st_size) : nil
    }

    /// The message with full paths.
    func resolved(_ message: AgentMessage) -> AgentMessage {
        let parts = message.parts.map { part in
            guard case .file(let file) = part, case .path(let name) = file.source else { return part }
            let source = AgentFile.Source.path(path(name))
            return .file(AgentFile(kind: file.kind, source: source, mimeType: file.mimeType, name: file.name))
        }
        return AgentMessage(id: message.id, role: message.role, parts: parts)
    }

    /// Removes the files of every turn that `keeps` does not want.
    func clean(keeping keeps: (Int64) -> Bool) {
        let manager = FileManager.default
        for name in (try? manager.contentsOfDirectory(atPath: directory)) ?? [] {
            guard let turn = Int64(name), !keeps(turn) else { continue }
            try? manager.removeItem(atPath: "\(directory)/\(name)")
        }
    }

    /// Turns that have files.
    var turns: [Int64] {
        ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).compactMap { Int64($0) }
    }

    private func path(_ name: String) -> String { "\(directory)/\(name)" }

    private func open(_ name: String) throws -> FileOutput {
        let path = path(name)
        if let slash = path.lastIndex(of: "/") { try StateLock.makeDirectory(String(path[..<slash])) }
        return try FileOutput(path: path)
    }
}

/// A file that is being written.
private final class FileOutput: Sendable {
    private let descriptor: Int32

    init(path: String) throws(StoreError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw .unwritable(reason: String(cString: strerror(errno))) }
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) throws(StoreError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .unwritable(reason: String(cString: strerror(errno))) }
            written += count
        }
    }
}

extension AgentFile.Kind {
    init(_ kind: FileKind) {
        self =
            switch kind {
            case .image: .image
            case .audio: .audio
            case .video: .video
            case .document: .document
            }
    }
}

extension FileKind {
    init(_ kind: AgentFile.Kind) {
        self =
            switch kind {
            case .image: .image
            case .audio: .audio
            case .video: .video
            case .document: .document
            }
    }
}
