import Synchronization

/// What the agent waits to be told, by context, since the start of this process.
///
/// Most servers say it once: an ordinary message that follows is refused, and what is asked would be forgotten.
final class OpenQuestions: Sendable {
    /// The most that are kept; contexts that began first are forgotten first.
    private static let limit = 1000

    private let texts = Mutex<[Int64: String]>([:])

    func open(_ question: String, in context: Int64) {
        texts.withLock { texts in
            if texts.count >= Self.limit, texts[context] == nil, let oldest = texts.keys.min() { texts[oldest] = nil }
            texts[context] = question
        }
    }

    func close(_ context: Int64) { texts.withLock { $0[context] = nil } }

    func question(in context: Int64) -> String? { texts.withLock { $0[context] } }
}
