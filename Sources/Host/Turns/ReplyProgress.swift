import AgentLink
import SurfaceKit
import Synchronization

/// What the agent has said so far in one run, shared by the turn that hears it and the lane that shows it.
final class ReplyProgress: Sendable {
    private struct State {
        var composer = ReplyComposer()
        var firstText: ContinuousClock.Instant?
        var files: [OutboundFile] = []
        var question: AgentMessage?
        var missesFile = false
    }

    private let state = Mutex(State())
    private let limit: Capabilities.TextLimit

    init(limit: Capabilities.TextLimit) { self.limit = limit }

    var firstText: ContinuousClock.Instant? { state.withLock { $0.firstText } }
    var text: String { state.withLock { $0.composer.text } }
    var pages: [MessageText] { state.withLock { $0.composer.pages(limit: limit) } }
    var files: [OutboundFile] { state.withLock { $0.files } }

    /// The question as the agent was asked it, once its files are there.
    var question: AgentMessage? {
        get { state.withLock { $0.question } }
        set { state.withLock { $0.question = newValue } }
    }

    /// - Returns: Whether this was the first text.
    func append(index: Int, delta: String) -> Bool {
        state.withLock { state in
            state.composer.append(index: index, delta: delta)
            guard state.firstText == nil, !state.composer.text.isEmpty else { return false }
            state.firstText = .now
            return true
        }
    }

    /// Whether the agent sent a file that cannot be delivered.
    var missesFile: Bool { state.withLock { $0.missesFile } }

    func missFile() { state.withLock { $0.missesFile = true } }

    func append(_ file: OutboundFile) { state.withLock { $0.files.append(file) } }
}
