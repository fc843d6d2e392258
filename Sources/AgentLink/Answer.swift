import Basics

/// The text of a run: its messages in the order in which they first say something.
struct Answer: Sendable {
    private struct Message {
        let id: String
        var text = ""
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
        spoken[index].text += text
        size += text.utf8.count
        return .text(index: index, message: id, delta: text)
    }
}
