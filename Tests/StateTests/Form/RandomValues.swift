import AgentLink
import SurfaceKit

@testable import State

/// Values that nobody would think of, the same for the same seed.
struct RandomValues: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    // SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    // MARK: Of any kind

    private static let pieces = [
        "a", "Z", "0", " ", "\n", "\r\n", "\t", "\"", "\\", "/", "\u{0}", "\u{1F}", "\u{7F}", "é", "e\u{301}", "👩‍👩‍👧", "𝄞",
        "\u{FFFD}", "\u{FEFF}", "\u{2028}", "{\"_0\":", "null", "null,", "\u{202E}",
    ]

    mutating func text() -> String {
        (0..<Int.random(in: 0...12, using: &self)).map { _ in pick(Self.pieces) }.joined()
    }
    mutating func flag() -> Bool { Bool.random(using: &self) }

    mutating func number<Number: FixedWidthInteger>() -> Number {
        switch Int.random(in: 0...3, using: &self) {
        case 0: .min
        case 1: .max
        case 2: 0
        default: Number.random(in: .min ... .max, using: &self)
        }
    }

    mutating func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &self)] }
    mutating func word<Word: CaseIterable>() -> Word { pick(Array(Word.allCases)) }
    mutating func maybe<Value>(_ make: (inout Self) -> Value) -> Value? { flag() ? make(&self) : nil }

    mutating func some<Value>(_ make: (inout Self) -> Value) -> [Value] {
        (0..<Int.random(in: 0...3, using: &self)).map { _ in make(&self) }
    }

    // MARK: What is stored

    mutating func path() -> String {
        "\(UInt32.random(in: 0 ... .max, using: &self))/out\(Int.random(in: 0...9, using: &self))"
    }

    mutating func content() -> MessageContent {
        guard flag() else { return .text(MessageText(text(), format: word(), isPublic: flag())) }
        return .file(OutboundFile(path: path(), kind: word(), name: text(), mimeType: text(), size: number()))
    }

    mutating func file() -> InboundFile {
        InboundFile(
            reference: FileReference(text()),
            kind: word(),
            name: text(),
            mimeType: text(),
            size: maybe { $0.number() }
        )
    }

    mutating func quote() -> QuotedMessage {
        QuotedMessage(
            id: maybe { MessageID($0.text()) },
            author: maybe { $0.text() },
            text: text(),
            files: some { $0.file() }
        )
    }

    mutating func question() -> Question {
        Question(text: text(), files: some { $0.file() }, quote: maybe { $0.quote() }, speaker: maybe { $0.text() })
    }

    mutating func agentMessage() -> AgentMessage { AgentMessage(id: text(), role: word(), parts: some { $0.part() }) }

    private mutating func part() -> AgentPart {
        guard flag() else { return .text(text()) }
        let source: AgentFile.Source =
            switch Int.random(in: 0...2, using: &self) {
            case 0: .path(path())
            case 1: .data(some { UInt8(truncatingIfNeeded: $0.next()) })
            default: .url(text())
            }
        return .file(AgentFile(kind: word(), source: source, mimeType: text(), name: text()))
    }

    mutating func event() -> InboundEvent {
        InboundEvent(
            id: EventID(text()),
            conversation: ConversationAddress(chat: ChatID(text()), thread: maybe { ThreadID($0.text()) }),
            chatKind: word(),
            sender: Sender(id: PersonID(text()), name: text(), language: maybe { $0.text() }),
            content: happening(),
            sentAt: maybe { $0.number() }
        )
    }

    private mutating func happening() -> InboundEvent.Content {
        switch Int.random(in: 0...7, using: &self) {
        case 0: .message(message())
        case 1: .edited(MessageID(text()), text: text())
        case 2: .deleted(MessageID(text()))
        case 3: .started(payload: maybe { $0.text() })
        case 4: .left
        case 5: .moved(to: ChatID(text()))
        case 6: .unreadable(word())
        default: .stopRequested(DraftID(text()))
        }
    }

    private mutating func message() -> InboundMessage {
        InboundMessage(
            id: MessageID(text()),
            text: text(),
            files: some { $0.file() },
            addressed: flag(),
            quote: maybe { $0.quote() },
            album: maybe { $0.text() },
            isQuestion: flag()
        )
    }
}
