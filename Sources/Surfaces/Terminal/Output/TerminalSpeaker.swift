import Basics
import SurfaceKit

/// Performs operations on the display.
struct TerminalSpeaker: Sendable {
    let options: TerminalOptions
    let printer: Printer
    let log: Log
    private let performed: PerformedOperations
    private let downloads: Downloads

    init(options: TerminalOptions, printer: Printer, state: any SurfaceState, log: Log) {
        self.options = options
        self.printer = printer
        self.log = log
        performed = PerformedOperations(state: state)
        downloads = Downloads(folder: Path.absolute(options.downloads))
    }

    func perform(_ operation: OutboundOperation, as id: OperationID) async throws(SurfaceError) -> Receipt {
        let name = options.name
        switch operation {
        case .send(let content, let address, let replyTo):
            try check(address)
            return try await send(content, replyTo, as: id)
        case .edit(let message, let content, let address):
            try check(address)
            let shown = try shown(content, replyTo: nil)
            try await printer.show { $0.edit(shown, of: message) }
            return Receipt(message: message)
        case .delete(let message, _): try await printer.show { $0.delete(message, of: name) }
        case .draft(_, let text, let address):
            try check(address)
            let shown = ShownMessage(author: name, replyTo: nil, text: text)
            try await printer.show { $0.draft(shown) }
        case .typing(let isOn, _): try await printer.show { $0.typing(isOn, of: name) }
        case .markRead: break
        }
        return Receipt()
    }

    private func send(
        _ content: MessageContent,
        _ replyTo: MessageID?,
        as id: OperationID
    ) async throws(SurfaceError) -> Receipt {
        let message = MessageID(id.rawValue)
        if try await performed.contains(id) { return Receipt(message: message) }
        let shown = try shown(content, replyTo: replyTo)
        try await printer.show { $0.send(shown, as: message) }
        do throws(SurfaceError) {
            try await performed.note(id)
        } catch {
            // It was shown, which is what the receipt says; without the note a crash can show it once more.
            log.warning("What was shown could not be noted", ["reason": "\(error)"])
        }
        return Receipt(message: message)
    }

    private func shown(_ content: MessageContent, replyTo: MessageID?) throws(SurfaceError) -> ShownMessage {
        let text: MessageText
        switch content {
        case .text(let given): text = given
        case .file(let file):
            let path = try downloads.save(file)
            text = MessageText("📎 \(file.name) → \(path) (\(file.size) bytes)", format: .plain)
        }
        return ShownMessage(author: options.name, replyTo: replyTo, text: text)
    }

    private func check(_ address: ConversationAddress) throws(SurfaceError) {
        guard address == ConversationAddress(chat: TerminalSurface.chat) else {
            throw .refused(.conversationGone, reason: "a terminal has only one chat")
        }
    }
}
