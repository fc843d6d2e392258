import Basics
import SurfaceKit

/// Performs operations by calls of the MAX Bot API.
struct MaxSpeaker: Sendable {
    private let api: MaxAPI
    private let uploads = UploadMemory()

    init(api: MaxAPI) { self.api = api }

    func perform(_ operation: OutboundOperation, as id: OperationID) async throws(SurfaceError) -> Receipt {
        switch operation {
        case .send(let content, let address, let replyTo):
            return try await say(content, Post(chat: try chat(address), replyTo: replyTo), id)
        case .edit(let message, let content, let address):
            _ = try chat(address)
            return try await say(content, Edit(message: message), id)
        case .delete(let message, _): return try await delete(message)
        case .typing(let isOn, let address):
            // There is no way to stop it but to send something.
            return isOn ? try await act("typing_on", in: address) : Receipt()
        case .markRead(_, let address): return try await act("mark_seen", in: address)
        case .draft: throw .refused(.other, reason: "MAX has no drafts")
        }
    }

    // MARK: Contents

    private func say(
        _ content: MessageContent,
        _ call: some MessageCall,
        _ id: OperationID
    ) async throws(SurfaceError) -> Receipt {
        switch content {
        case .text(let text): try await settled(call, try bodies(of: text))
        case .file(let file): try await send(file, call, id)
        }
    }

    /// The text as it should look, then, if that is another, as characters alone.
    private func bodies(of text: MessageText) throws(SurfaceError) -> [JSONObject] {
        let text = MaxText(text)
        guard text.plain.showsSomething else { throw .refused(.other, reason: "nothing to show") }
        let plain = JSONObject([.init(key: "text", value: .string(text.plain))])
        guard text.isMarked, text.html.utf16.count <= MaxText.mostUnits else { return [plain] }
        var marked = JSONObject([.init(key: "text", value: .string(text.html))])
        marked["format"] = "html"
        return [marked, plain]
    }

    /// Uploads `file` unless an earlier attempt did, and sends it; as a plain file when MAX does not take it otherwise.
    private func send(
        _ file: OutboundFile,
        _ call: some MessageCall,
        _ id: OperationID
    ) async throws(SurfaceError) -> Receipt {
        guard file.size <= MediaForm.mostBytes else { throw .refused(.tooLarge, reason: "\(file.size) bytes") }
        let key = UploadMemory.Key(operation: id, path: file.path)
        var form = uploads.form(key) ?? MediaForm(for: file)
        while true {
            switch try await attempt(file, form, call, key) {
            case .done(let receipt): return receipt
            case .declined(let reason):
                guard form != .file else { throw .refused(.other, reason: "MAX does not take this file: \(reason)") }
                form = .file
                uploads.decline(key, to: form)
            }
        }
    }

    private enum Attempt {
        case done(Receipt)
        /// MAX does not take the file in this form.
        case declined(reason: String)
    }

    private func attempt(
        _ file: OutboundFile,
        _ form: MediaForm,
        _ call: some MessageCall,
        _ key: UploadMemory.Key
    ) async throws(SurfaceError) -> Attempt {
        if uploads.token(key) == nil {
            switch try await Uploader(api: api).upload(file, as: form) {
            case .token(let token): uploads.keep(token, for: key)
            case .declined(let reason): return .declined(reason: reason)
            }
        }
        var body = JSONObject()
        // An edit takes the words away that stood there.
        body["text"] = ""
        body["attachments"] = [
            ["type": .string(form.rawValue), "payload": ["token": .string(uploads.token(key) ?? "")]]
        ]
        do throws(MaxAPIError) {
            let receipt = try await perform(call, [body])
            uploads.forget(key)
            return .done(receipt)
        } catch {
            switch error.failure?.remedy {
            case .awaitFile:
                throw .unavailable(retryAfter: uploads.wait(key), reason: "the file is not ready yet: \(reason(error))")
            case .uploadAgain where uploads.renew(key):
                throw .unavailable(reason: "the upload is not good any more: \(reason(error))")
            case .sendAsFile: return .declined(reason: reason(error))
            default: throw call.error(error)
            }
        }
    }

    // MARK: Calls

    private func settled(_ call: some MessageCall, _ bodies: [JSONObject]) async throws(SurfaceError) -> Receipt {
        do throws(MaxAPIError) {
            return try await perform(call, bodies)
        } catch {
            throw call.error(error)
        }
    }

    /// Makes the call with the first of `bodies`; when the service does not understand it, with the plainest, too.
    private func perform(_ call: some MessageCall, _ bodies: [JSONObject]) async throws(MaxAPIError) -> Receipt {
        let attempts = call.attempts(bodies)
        guard let first = attempts.first, let last = attempts.last else { return Receipt() }
        do throws(MaxAPIError) {
            return try await make(call, first)
        } catch {
            guard error.failure?.remedy == .simplify, attempts.count > 1 else { throw error }
            return try await make(call, last)
        }
    }

    private func make(_ call: some MessageCall, _ body: JSONObject) async throws(MaxAPIError) -> Receipt {
        let answer = try await api.call(call.method, "/messages", query: call.query, body: .object(body))
        guard let receipt = call.receipt(answer) else {
            throw .lost(reason: "the service took the message and did not tell its number")
        }
        return receipt
    }

    private func delete(_ message: MessageID) async throws(SurfaceError) -> Receipt {
        do throws(MaxAPIError) {
            _ = try await api.call("DELETE", "/messages", query: [("message_id", message.rawValue)])
        } catch {
            // What is gone, or cannot be deleted, stays so.
            let isSettled = error.failure.map { $0.status == 200 || $0.remedy == .sendNew } ?? false
            guard isSettled else { throw SurfaceError(error) }
        }
        return Receipt()
    }

    private func act(_ action: String, in address: ConversationAddress) async throws(SurfaceError) -> Receipt {
        let chat = try chat(address)
        do throws(MaxAPIError) {
            _ = try await api.call("POST", "/chats/\(chat)/actions", body: ["action": .string(action)])
        } catch {
            throw SurfaceError(error)
        }
        return Receipt()
    }

    private func chat(_ address: ConversationAddress) throws(SurfaceError) -> Int64 {
        guard let chat = Int64(address.chat.rawValue), chat != 0 else {
            throw .refused(.conversationGone, reason: "not a chat’s number")
        }
        return chat
    }

    private func reason(_ error: MaxAPIError) -> String { error.failure?.reason ?? "" }
}
