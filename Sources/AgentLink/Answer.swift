import Basics

/// The text of a run: its messages in the order in which they first say something.
struct Answer: Sendable {
    private struct Message {
        let id: String
        var text = ""
        /// Where a paragraph begins that follows a tool.
        var breaks: [String.Index] = []
        /// What comes next is a paragraph of its own.
        var isBroken = false

        /// The parts between the tools.
        var parts: [Substring] {
            zip([text.startIndex] + breaks, breaks + [text.endIndex]).map { text[$0..<$1] }
        }
    }

    private var spoken: [Message] = []
    private var indices: [String: Int] = [:]
    /// The first half of a character whose second half comes with the next delta of that message.
    private var halves: [String: UInt16] = [:]
    /// Bytes of text, in UTF-8.
    private(set) var size = 0

    var isEmpty: Bool { spoken.isEmpty }

    func contains(_ id: String) -> Bool { indices[id] != nil }

    /// Adds `delta`, a JSON string, to the message `id`; `nil` when there is nothing to show for it yet.
    mutating func append(_ delta: JSONValue, to id: String) -> AgentEvent? {
        switch delta {
        case .string(let text) where halves[id] == nil: say(text, as: id)
        case .string(let text): join(Array(text.utf16), to: id)
        case .unpaired(let units): join(units, to: id)
        default: nil
        }
    }

    /// Nothing more is expected for `id`: half a character stays one.
    mutating func close(_ id: String) -> AgentEvent? {
        guard halves.removeValue(forKey: id) != nil else { return nil }
        return say("\u{FFFD}", as: id)
    }

    /// Closes every message.
    mutating func closeAll() -> [AgentEvent] {
        halves.keys.sorted().compactMap { close($0) }
    }

    /// The messages, for the transcript.
    var messages: [AgentMessage] {
        spoken.map { AgentMessage(id: $0.id, role: .assistant, parts: [.text($0.text)]) }
    }

    /// What was said, in the pieces in which a server may have kept it, each with its message’s identifier.
    var parts: [(id: String, text: Substring)] { spoken.flatMap { message in message.parts.map { (message.id, $0) } } }

    /// What is said next in the message `id` begins a paragraph.
    mutating func breakParagraph(in id: String) {
        if let index = indices[id] { spoken[index].isBroken = true }
    }

    /// The same for every message so far.
    mutating func breakParagraphs() {
        for index in spoken.indices { spoken[index].isBroken = true }
    }

    private mutating func paragraph(_ index: Int) -> String {
        guard spoken[index].isBroken else { return "" }
        spoken[index].isBroken = false
        spoken[index].breaks.append(spoken[index].text.endIndex)
        let ends = spoken[index].text.reversed().prefix { $0.isNewline }.count
        return String(repeating: "\n", count: max(0, 2 - ends))
    }

    private mutating func join(_ units: [UInt16], to id: String) -> AgentEvent? {
        var units = units
        if let half = halves.removeValue(forKey: id) { units.insert(half, at: 0) }
        if let last = units.last, UTF16.isLeadSurrogate(last) {
            halves[id] = last
            units.removeLast()
        }
        return say(String(decoding: units, as: UTF16.self), as: id)
    }

    private mutating func say(_ text: String, as id: String) -> AgentEvent? {
        guard !text.isEmpty else { return nil }
        let index = indices[id] ?? spoken.count
        if index == spoken.count {
            indices[id] = index
            spoken.append(Message(id: id))
        }
        let delta = paragraph(index) + text
        spoken[index].text += delta
        size += delta.utf8.count
        return .text(index: index, message: id, delta: delta)
    }
}
