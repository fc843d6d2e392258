/// The tool calls of a run, to know whether one waits for a person.
///
/// A call that nobody answers is how some servers ask for a confirmation. A call counts as answered by its result, by a
/// tool message in a snapshot, and by a message that begins to speak after it: the agent went on without us.
struct AGUIToolCalls: Sendable {
    private var open: Set<String> = []
    private var answered: Set<String> = []

    var isWaiting: Bool { !open.isEmpty }

    /// A call that was answered and appears again is a repetition, not a new call.
    mutating func start(_ id: String) {
        if !answered.contains(id) { open.insert(id) }
    }

    mutating func answer(_ id: String) {
        open.remove(id)
        answered.insert(id)
    }

    mutating func answerAll() {
        answered.formUnion(open)
        open.removeAll()
    }
}
