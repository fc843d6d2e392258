import Basics
import SurfaceKit
import Synchronization

/// Performs the host's operations as events in rooms.
final class MatrixSpeaker: Sendable {
    private let client: MatrixClient
    private let privacy: RoomPrivacy
    private let askers: Askers
    private let typingLasts: Duration
    /// Largest file that the homeserver takes, once it has said so.
    private let uploadLimit = Mutex<Int?>(nil)

    init(client: MatrixClient, privacy: RoomPrivacy, askers: Askers, typingLasts: Duration) {
        self.client = client
        self.privacy = privacy
        self.askers = askers
        self.typingLasts = typingLasts
    }

    func perform(_ operation: OutboundOperation, as id: OperationID) async throws(SurfaceError) -> Receipt {
        switch operation {
        case .send(let content, let address, let reply):
            let room = address.chat.rawValue
            let content = MessageWriter.placed(
                try await eventContent(content, in: room),
                in: address.thread?.rawValue,
                answering: reply?.rawValue,
                by: reply.flatMap(askers.asker)?.rawValue
            )
            return Receipt(message: try await send(content, to: room, as: id))
        case .edit(let message, let content, let address):
            let room = address.chat.rawValue
            let content = MessageWriter.replacing(message.rawValue, with: try await eventContent(content, in: room))
            _ = try await send(content, to: room, as: id, amending: true)
        case .delete(let message, let address):
            try await amend { client throws(MatrixFault) in
                try await client.redact(message.rawValue, in: address.chat.rawValue, transaction: id.rawValue)
            }
        case .draft: throw .refused(.other, reason: "Matrix has no drafts")
        case .typing(let isTyping, let address):
            try await amend { client throws(MatrixFault) in
                try await client.setTyping(isTyping, for: self.typingLasts, in: address.chat.rawValue)
            }
        case .markRead(let message, let address):
            try await amend { client throws(MatrixFault) in
                let thread = address.thread?.rawValue
                try await client.markRead(message.rawValue, in: address.chat.rawValue, thread: thread)
            }
        }
        return Receipt()
    }

    private func send(
        _ content: JSONObject,
        to room: String,
        as id: OperationID,
        amending: Bool = false
    ) async throws(SurfaceError) -> MessageID {
        do { return MessageID(try await client.send(content, to: room, transaction: id.rawValue)) } catch {
            throw SurfaceError(error, while: amending ? .amending : .speaking)
        }
    }

    private func amend(_ call: (MatrixClient) async throws(MatrixFault) -> Void) async throws(SurfaceError) {
        do { try await call(client) } catch { throw SurfaceError(error, while: .amending) }
    }

    /// The event's content; a file is uploaded for it.
    private func eventContent(_ content: MessageContent, in room: String) async throws(SurfaceError) -> JSONObject {
        let isEncrypted = try await privacy.isEncrypted(room)
        switch content {
        case .text(let text) where text.isPublic || !isEncrypted:
            return MessageWriter.content(of: text, isNotice: isEncrypted)
        case .file(let file) where !isEncrypted: return MessageWriter.content(of: file, at: try await upload(file))
        case .text, .file: throw .refused(.conversationGone, reason: "the room is encrypted")
        }
    }

    private func upload(_ file: OutboundFile) async throws(SurfaceError) -> String {
        do throws(MatrixFault) {
            // A homeserver cuts the connection on a file that is too large: that would look like bad luck.
            if let limit = try await knownUploadLimit(), file.size > limit {
                throw .stopped(.refused(.tooLarge, reason: "the homeserver takes files of at most \(limit) bytes"))
            }
            return try await client.upload(file)
        } catch {
            // Nobody sees an upload without its event: it may be done again.
            throw SurfaceError(error, while: .asking)
        }
    }

    private func knownUploadLimit() async throws(MatrixFault) -> Int? {
        if let known = uploadLimit.withLock({ $0 }) { return known }
        let limit = try await client.uploadLimit()
        uploadLimit.withLock { $0 = limit }
        return limit
    }
}
