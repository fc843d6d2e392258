import AgentLink
import Basics
import Settings
import State
import SurfaceKit

/// Keeps the files of an answer on this machine’s disk until they are delivered.
struct AnswerFiles: Sendable {
    let turn: Turn

    /// Keeps a file that the agent sent; one that cannot be kept is noted as missing.
    func keep(_ file: AgentFile, number: Int, for reply: GrowingReply) async {
        do {
            reply.append(try await kept(file, number))
        } catch {
            turn.log.warning("A file of the agent cannot be delivered", ["reason": "\(error)"])
            reply.missFile()
        }
    }

    /// Keeps the whole of an answer that is too long for messages.
    func keep(whole text: String) throws -> OutboundFile {
        let name = FileCabinet.name(ofAnswerFile: 0, turn: turn.record.id)
        let output = try turn.desk.store.files.output(name)
        let bytes = Array(text.utf8)
        try output.write(bytes)
        try output.finish()
        return OutboundFile(
            path: name,
            kind: .document,
            name: "answer.md",
            mimeType: "text/markdown",
            size: bytes.count
        )
    }

    private func kept(_ file: AgentFile, _ number: Int) async throws -> OutboundFile {
        let files = turn.desk.store.files
        let name = FileCabinet.name(ofAnswerFile: number, turn: turn.record.id)
        let output = try files.output(name)
        switch file.source {
        case .data(let bytes): try output.write(bytes)
        case .url(let url):
            let settings = turn.desk.settings.current
            let remote = RemoteFile(agentURL: settings.agent.url, limit: settings.attachments.maxBytes)
            try await remote.fetch(url) { try output.write($0) }
        case .path: throw RemoteFile.Refusal(reason: "an agent cannot name a file of this machine")
        }
        try output.finish()
        let saved = AgentFile(kind: file.kind, source: .path(name), mimeType: file.mimeType, name: file.name)
        return OutboundFile(
            path: name,
            kind: FileKind(file.kind),
            name: file.name,
            mimeType: file.mimeType,
            size: files.size(of: saved) ?? 0
        )
    }
}
