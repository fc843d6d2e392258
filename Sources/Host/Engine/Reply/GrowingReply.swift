import Replies
import State
import SurfaceKit
import Synchronization

/// What the agent has said so far in one run, shared by the turn that hears it and the lane that shows it.
final class GrowingReply: Sendable {
    /// More than this is neither kept nor shown, in bytes of UTF-8.
    static let largest = 4 << 20
    /// An answer of more messages is sent as its first ones and a file with the whole.
    static let mostPages = 20
    /// What is longer is laid out apart from the others, in bytes of UTF-8.
    private static let ordinary = 32 << 10

    private struct Spoken {
        var message: String
        var text = ""
    }

    private struct State {
        var spoken: [Spoken] = []
        var bytes = 0
        var isCut = false
        var pending: [(index: Int, delta: String)] = []
        var firstText: ContinuousClock.Instant?
        var isShown = false
        var files: [OutboundFile] = []
        var missesFile = false
    }

    let turn: TurnID
    let replyTo: MessageID?
    private let state = Mutex(State())
    private let layout: Mutex<ReplyLayout>
    private let shown = Wakeup()
    private let workers: LayoutWorkers

    init(turn: TurnID, replyTo: MessageID?, limit: Capabilities.TextLimit, workers: LayoutWorkers) {
        self.turn = turn
        self.replyTo = replyTo
        self.workers = workers
        layout = Mutex(ReplyLayout(limit: limit, mostPages: Self.mostPages))
    }

    // MARK: What is said

    /// Adds text of the `index`th message, which the agent calls `message`; what is beyond the limit is dropped.
    ///
    /// - Returns: Whether this was the first text.
    func append(index: Int, message: String, delta: String, at now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            while state.spoken.count <= index { state.spoken.append(Spoken(message: message)) }
            let room = Self.largest - state.bytes
            let fits = delta.utf8.count <= room
            let delta = fits ? delta : delta.prefix(utf8: room)
            state.isCut = state.isCut || !fits
            guard !delta.isEmpty else { return false }
            state.spoken[index].text += delta
            state.bytes += delta.utf8.count
            state.pending.append((index, delta))
            guard state.firstText == nil, delta.showsSomething else { return false }
            state.firstText = now
            return true
        }
    }

    /// When the first text came; `nil` while there is none.
    var firstText: ContinuousClock.Instant? { state.withLock { $0.firstText } }

    /// Whether nothing was said.
    var isEmpty: Bool { firstText == nil }

    /// Bytes of text, in UTF-8.
    var bytes: Int { state.withLock { $0.bytes } }

    /// Whether there was more than is kept.
    var isCut: Bool { state.withLock { $0.isCut } }

    /// The messages that say something, with the agent’s own identifiers.
    var messages: [(id: String, text: String)] {
        state.withLock { $0.spoken.filter { !$0.text.isEmpty }.map { ($0.message, $0.text) } }
    }

    /// What the agent calls its first message.
    var firstMessage: String? { state.withLock { $0.spoken.first { !$0.text.isEmpty }?.message } }

    /// All of it as one answer.
    var text: String { messages.map(\.text).joined(separator: "\n\n") }

    // MARK: How it looks

    /// The messages that show what was said so far: at most ``mostPages``, and whether there is more.
    ///
    /// Laid out on a thread of its own.
    func pages() async -> ReplyLayout.Pages {
        await workers.run(isLong: bytes > Self.ordinary) { [self] in
            layout.withLock { layout in
                // Taken within the lock: text must not overtake text.
                let pending = state.withLock { state in
                    defer { state.pending = [] }
                    return state.pending
                }
                return layout.pages(adding: pending)
            }
        }
    }

    /// Some of it can be seen in the chat.
    func noteShown() {
        state.withLock { $0.isShown = true }
        shown.signal()
    }

    /// Returns when some of it can be seen, or when cancelled.
    func untilShown() async {
        while !state.withLock({ $0.isShown }), !Task.isCancelled { await shown.wait() }
    }

    // MARK: Files

    var files: [OutboundFile] { state.withLock { $0.files } }

    func append(_ file: OutboundFile) { state.withLock { $0.files.append(file) } }

    /// Whether the agent sent a file that cannot be delivered.
    var missesFile: Bool { state.withLock { $0.missesFile } }

    func missFile() { state.withLock { $0.missesFile = true } }
}

extension String {
    /// The first characters, at most `count` bytes of UTF-8.
    fileprivate func prefix(utf8 count: Int) -> String {
        var end = utf8.index(startIndex, offsetBy: count)
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
