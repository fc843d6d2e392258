import Basics
import SurfaceKit

/// The adapter of a ``Messenger`` within one life of the host.
struct SimulatedSurface: Surface {
    struct Options: SurfaceOptions {
        static let fields: [OptionField] = []
        static let accounts = AccountForm(example: "ann") { _ in true }
        static func contradictions(in values: OptionValues) -> [OptionMistake] { [] }
        static func needsWebhook(_ values: OptionValues) -> Bool { false }
        init(_ values: OptionValues) {}
    }

    static let kind: SurfaceKind = "simulated"

    private static let hold = Duration.seconds(25)

    let messenger: Messenger
    let life: Life
    let weather: Weather
    let system: VirtualSystem

    init(messenger: Messenger, life: Life, weather: Weather, system: VirtualSystem) {
        self.messenger = messenger
        self.life = life
        self.weather = weather
        self.system = system
    }

    init(options: Options, context: SurfaceContext) { preconditionFailure("the story makes its surfaces itself") }

    var capabilities: Capabilities {
        Capabilities(
            text: Capabilities.TextLimit(maximum: messenger.style.maximum) { $0.source.utf16.count },
            fileBytes: 50 << 20,
            repetition: messenger.style.repetition,
            rateLimits: messenger.style.limits,
            editInterval: .seconds(1),
            editsPerMessage: 100,
            typingLasts: .seconds(5),
            commandPrefix: "/",
            drafts: messenger.style.drafts
                ? Capabilities.Drafts(interval: .milliseconds(600), lasts: .seconds(20)) : nil
        )
    }

    func identify() async throws(SurfaceError) -> Identity { Identity(id: "bot", name: "Bot") }

    // MARK: Receiving

    func receive(from checkpoint: Checkpoint?, into inbox: some Inbox) async throws(SurfaceError) {
        var offset = checkpoint.flatMap { Int($0.rawValue) } ?? 0
        await inbox.receiving(nextWithin: Self.hold)
        while true {
            try await pause(weather.latency(5...60))
            try check()
            if weather.losesConnection { throw .unavailable(reason: "the connection was lost") }
            // What the messenger is not sure to have told it tells again.
            let first = weather.tellsAgain ? max(0, offset - weather.number(1...3)) : offset
            let count = messenger.updates.count
            guard first < count else {
                await news()
                await inbox.receiving(nextWithin: Self.hold)
                continue
            }
            let last = min(count, first + weather.number(1...5))
            try await inbox.accept(Array(messenger.updates[first..<last]), checkpoint: Checkpoint(String(last)))
            offset = last
            try check()
            await inbox.receiving(nextWithin: Self.hold)
        }
    }

    /// Waits for something to hear, as a long poll does.
    private func news() async {
        let wakes = Wakes()
        messenger.onNews { wakes.end() }
        system.after(Self.hold) { wakes.end() }
        await wakes.wait()
    }

    func fetch(
        _ file: FileReference,
        limit: Int,
        into sink: @Sendable ([UInt8]) async throws(SurfaceError) -> Void
    ) async throws(SurfaceError) {
        try await pause(weather.latency(10...300))
        try check()
        let fault = weather.callFault
        let isRefused = [.refused, .gone, .tooLarge].contains(fault)
        messenger.fetches[file.rawValue] = ((messenger.fetches[file.rawValue]?.attempts ?? 0) + 1, isRefused)
        switch fault {
        case .notSent?, .hangs?, .lostUnknown?, .doneUnheard?: throw .unavailable(reason: "the download broke off")
        case .refused?, .gone?: throw .refused(.other, reason: "the file is gone")
        case .tooLarge?: throw .refused(.tooLarge, reason: "the file is too large")
        default: try await sink(Array("content of \(file.rawValue)".utf8))
        }
    }

    // MARK: Speaking

    func perform(_ operation: OutboundOperation, as id: OperationID) async throws(SurfaceError) -> Receipt {
        try check()
        let fault = weather.callFault
        do throws(SurfaceError) {
            try await pause(fault == .hangs ? .seconds(30) : weather.latency(20...400))
        } catch {
            if weather.isDoneAfterDeath { _ = try? apply(operation, id) }
            throw error
        }
        if life.isOver {
            if weather.isDoneAfterDeath { _ = try? apply(operation, id) }
            throw .cancelled
        }
        // A messenger that knows operations looks there first.
        if messenger.knows(id) { return try apply(operation, id) }
        switch fault {
        case nil: return try apply(operation, id)
        case .notSent?: throw .unavailable(reason: "not sent")
        case .doneUnheard?:
            _ = try apply(operation, id)
            throw .unknownOutcome(reason: "the answer was lost")
        case .lostUnknown?, .hangs?: throw .unknownOutcome(reason: "no answer came")
        case .limited?:
            throw .unavailable(retryAfter: .seconds(weather.number(1...30)), limited: true, reason: "429")
        case .limitedUntold?: throw .unavailable(limited: true, reason: "429")
        case .refused?, .tooLarge?:
            // Bare characters that are not too long every messenger takes, as a new message.
            if case .send(.text(let text), _, _) = operation, text.format == .plain {
                throw .unavailable(reason: "not sent")
            }
            if case .edit(_, _, let address) = operation { messenger.noteRefusedEdit(in: address.chat) }
            throw .refused(fault == .tooLarge ? .tooLarge : .other, reason: "refused")
        case .gone?:
            guard case .edit(let message, _, let address) = operation else {
                throw .unavailable(reason: "not sent")
            }
            messenger.delete(message, in: address.chat)
            throw .refused(.messageGone, reason: "message to edit not found")
        case .unauthorized?: throw .unauthorized(reason: "401")
        }
    }

    private func apply(_ operation: OutboundOperation, _ id: OperationID) throws(SurfaceError) -> Receipt {
        if let text = operation.text, capabilities.text.measure(text) > capabilities.text.maximum {
            messenger.faults.append("a text of \(capabilities.text.measure(text)) was sent: too long")
        }
        switch operation {
        case .send(.text(let text), let address, _):
            return Receipt(message: messenger.send(text.source, file: nil, in: address.chat, as: id))
        case .send(.file(let file), let address, _):
            let content = (try? contents(ofSmallFile: file.path, limit: 16 << 20)).map {
                String(decoding: $0, as: UTF8.self)
            }
            guard let content else { throw .refused(.other, reason: "the file is gone") }
            return Receipt(message: messenger.send("[file \(file.name)]", file: content, in: address.chat, as: id))
        case .edit(let message, .text(let text), let address):
            guard messenger.edit(message, text.source, in: address.chat) else {
                throw .refused(.messageGone, reason: "message to edit not found")
            }
            return Receipt(message: message)
        case .edit(_, .file, _): throw .refused(.other, reason: "files are not edited here")
        case .delete(let message, let address):
            messenger.delete(message, in: address.chat)
            return Receipt()
        case .draft, .typing, .markRead: return Receipt()
        }
    }

    private func check() throws(SurfaceError) { if life.isOver { throw .cancelled } }

    private func pause(_ duration: Duration) async throws(SurfaceError) {
        do { try await system.sleep(for: duration) } catch { throw .cancelled }
    }
}

extension OutboundOperation {
    fileprivate var text: MessageText? {
        switch self {
        case .send(.text(let text), _, _), .edit(_, .text(let text), _), .draft(_, let text, _): text
        default: nil
        }
    }
}

/// Lets one task wait until it is told, or cancelled.
final class Wakes: @unchecked Sendable {
    private var waiter: CheckedContinuation<Void, Never>?
    private var hasEnded = false

    func end() {
        hasEnded = true
        let waiter = waiter
        self.waiter = nil
        waiter?.resume()
    }

    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if hasEnded || Task.isCancelled { continuation.resume() } else { waiter = continuation }
            }
        } onCancel: {
            end()
        }
    }
}
