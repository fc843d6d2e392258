import Basics
import HTTP
import SurfaceKit

/// Performs operations by calls of the Bot API.
struct TelegramSpeaker: Sendable {
    let api: BotAPI
    let chats = ChatMemory()

    func perform(_ operation: OutboundOperation) async throws(SurfaceError) -> Receipt {
        switch operation {
        case .send(let content, let address, let replyTo):
            return try await post(content, to: address, replyTo)
        case .edit(let message, let content, let address):
            return try await edit(message, content, in: address)
        case .delete(let message, let address):
            var parameters = Destination(address).parameters(topic: false)
            parameters["message_id"] = try number(message)
            _ = try await call("deleteMessage", parameters, in: address)
            return Receipt()
        case .typing(let isOn, let address):
            return try await type(isOn, in: address)
        case .draft(let draft, let text, let address):
            return try await show(draft, text, in: address)
        case .markRead:
            return Receipt()  // Bots cannot.
        }
    }

    // MARK: Operations

    private func post(
        _ content: MessageContent,
        to address: ConversationAddress,
        _ replyTo: MessageID?
    ) async throws(SurfaceError) -> Receipt {
        var parameters = Destination(address).parameters(topic: true)
        if let replyTo {
            parameters["reply_parameters"] = [
                "message_id": try number(replyTo), "allow_sending_without_reply": true,
            ]
        }
        let result: JSONValue
        switch content {
        case .text(let text): result = try await say(text, "sendMessage", parameters, in: address)
        case .file(let file): result = try await send(file, parameters, in: address)
        }
        guard let id = result["message_id"]?.int64 else {
            throw .unknownOutcome(reason: "the server took the message and did not tell its number")
        }
        return Receipt(message: MessageID(String(id)))
    }

    private func edit(
        _ message: MessageID,
        _ content: MessageContent,
        in address: ConversationAddress
    ) async throws(SurfaceError) -> Receipt {
        var parameters = Destination(address).parameters(topic: false)
        parameters["message_id"] = try number(message)
        switch content {
        case .text(let text): _ = try await say(text, "editMessageText", parameters, in: address)
        case .file(let file):
            _ = try await send(file, address) { part in
                parameters["media"] = ["type": .string(part.kind.rawValue), "media": .string("attach://file")]
                return ("editMessageMedia", parameters)
            }
        }
        return Receipt(message: message)
    }

    private func type(_ isOn: Bool, in address: ConversationAddress) async throws(SurfaceError) -> Receipt {
        // There is no way to stop it but to send something. Within a rate limit each request makes the wait longer.
        guard isOn, !chats.isQuiet(address.chat, at: .now) else { return Receipt() }
        var parameters = Destination(address).parameters(topic: true)
        parameters["action"] = "typing"
        _ = try await call("sendChatAction", parameters, in: address)
        return Receipt()
    }

    private func show(
        _ draft: DraftID,
        _ text: MessageText,
        in address: ConversationAddress
    ) async throws(SurfaceError) -> Receipt {
        guard let id = Int64(draft.rawValue), id != 0 else { throw .refused(.other, reason: "not a draft’s number") }
        var parameters = Destination(address).parameters(topic: true)
        parameters["draft_id"] = JSONValue(id)
        parameters["can_stop"] = true
        parameters["keep_on_stop"] = true
        _ = try await say(text, "sendMessageDraft", parameters, in: address)
        return Receipt()
    }

    // MARK: Contents

    private func say(
        _ text: MessageText,
        _ method: String,
        _ parameters: JSONObject,
        in address: ConversationAddress
    ) async throws(SurfaceError) -> JSONValue {
        let text = TelegramText(text)
        guard text.plain.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw .refused(.other, reason: "nothing to show")
        }
        var parameters = parameters
        if method != "sendMessageDraft" { parameters["link_preview_options"] = ["is_disabled": true] }
        var plain = parameters
        plain["text"] = .string(text.plain)
        guard text.html != text.plain, text.html.utf8.count <= TelegramText.mostBytes else {
            return try await call(method, plain, in: address)
        }
        parameters["text"] = .string(text.html)
        parameters["parse_mode"] = "HTML"
        return try await call(method, parameters, in: address) { $0 == .sendPlain ? plain : nil }
    }

    private func send(
        _ file: OutboundFile,
        _ parameters: JSONObject,
        in address: ConversationAddress
    ) async throws(SurfaceError) -> JSONValue {
        try await send(file, address) { part in
            var parameters = parameters
            parameters[part.kind.rawValue] = "attach://file"
            return (part.kind.method, parameters)
        }
    }

    /// Uploads `file` in its own form; as a document when Telegram does not take it so.
    private func send(
        _ file: OutboundFile,
        _ address: ConversationAddress,
        _ request: (MediaForm) -> (method: String, parameters: JSONObject)
    ) async throws(SurfaceError) -> JSONValue {
        guard file.size <= MediaForm.mostBytes else { throw .refused(.tooLarge, reason: "\(file.size) bytes") }
        let form = MediaForm(for: file)
        let (method, parameters) = request(form)
        let upload = [MultipartFile(part: "file", path: file.path, name: file.name, mimeType: file.mimeType)]
        do throws(BotAPIError) {
            return try await attempt(method, parameters, upload, in: address)
        } catch {
            guard error.failure?.remedy == .sendAsDocument, form.kind != .document else {
                return try settle(error, in: address)
            }
        }
        let (documentMethod, documentParameters) = request(.document)
        do throws(BotAPIError) {
            return try await attempt(documentMethod, documentParameters, upload, in: address)
        } catch {
            return try settle(error, in: address)
        }
    }

    // MARK: Calls

    /// Calls `method`; when it is refused, once more with what `instead` makes of the reason.
    private func call(
        _ method: String,
        _ parameters: JSONObject,
        in address: ConversationAddress,
        instead: (Remedy) -> JSONObject? = { _ in nil }
    ) async throws(SurfaceError) -> JSONValue {
        let first: BotAPIError
        do throws(BotAPIError) {
            return try await attempt(method, parameters, [], in: address)
        } catch {
            first = error
        }
        guard let remedy = first.failure?.remedy, let other = instead(remedy) else {
            return try settle(first, in: address)
        }
        do throws(BotAPIError) {
            return try await attempt(method, other, [], in: address)
        } catch {
            return try settle(error, in: address)
        }
    }

    /// Calls `method`, and follows the chat when it has moved: the old one refused, so nothing happens twice.
    private func attempt(
        _ method: String,
        _ parameters: JSONObject,
        _ files: [MultipartFile],
        in address: ConversationAddress
    ) async throws(BotAPIError) -> JSONValue {
        var parameters = parameters
        if let moved = chats.successor(of: address.chat) { parameters["chat_id"] = JSONValue(moved) }
        do throws(BotAPIError) {
            return try await api.call(method, parameters, files: files)
        } catch {
            guard let new = error.failure?.migratedTo, chats.successor(of: address.chat) != new else { throw error }
            chats.note(successor: new, of: address.chat)
            parameters["chat_id"] = JSONValue(new)
            return try await api.call(method, parameters, files: files)
        }
    }

    private func settle(_ error: BotAPIError, in address: ConversationAddress) throws(SurfaceError) -> JSONValue {
        if error.failure?.remedy == .nothing { return true }
        let error = SurfaceError(error)
        if case .unavailable(let delay?, true, _) = error { chats.note(quiet: address.chat, until: .now + delay) }
        throw error
    }

    private func number(_ message: MessageID) throws(SurfaceError) -> JSONValue {
        guard let number = Int64(message.rawValue) else {
            throw .refused(.messageGone, reason: "not a message’s number")
        }
        return JSONValue(number)
    }
}
