/// One event of a `text/event-stream` (WHATWG HTML §9.2.6).
package struct ServerSentEvent: Hashable, Sendable {
    /// The `event` field; empty when there was none.
    package var name: String
    /// The `data` lines, joined by line feeds, as bytes.
    package var data: [UInt8]

    package init(name: String = "", data: [UInt8]) {
        self.name = name
        self.data = data
    }
}

/// Splits bytes into server-sent events, however they are cut into pieces.
///
/// Lines end in LF, CR or CRLF, mixed as they come. `id`, `retry`, unknown fields and comments are skipped without
/// being kept, and so is what follows the last blank line: an event that the stream did not finish is no event.
package struct ServerSentEventParser: Sendable {
    /// An event is larger than the parser's cap.
    package struct FrameTooLarge: Error, Hashable { package let limit: Int }

    /// What the next bytes of the current line belong to.
    private enum LinePart {
        case fieldName
        /// Right after the colon, where one space is dropped.
        case valueStart(Field)
        case value(Field)
    }

    private enum Field { case data, event, ignored }

    private let frameLimit: Int
    private var byteOrderMark = ByteOrderMark.expected(matched: 0)
    private var previousWasCarriageReturn = false
    private var part = LinePart.fieldName
    private var fieldName: [UInt8] = []
    private var eventName: [UInt8] = []
    private var data: [UInt8]?
    private var isBroken = false

    /// - Parameter frameLimit: Largest event, in bytes of data and name.
    package init(frameLimit: Int = 32 << 20) { self.frameLimit = frameLimit }

    /// Takes the next piece of the stream and returns the events that it completes.
    ///
    /// - Throws: ``FrameTooLarge``, now and at each later call: there is no way back into the stream.
    package mutating func append(_ bytes: some Sequence<UInt8>) throws(FrameTooLarge) -> [ServerSentEvent] {
        guard !isBroken else { throw FrameTooLarge(limit: frameLimit) }
        var events: [ServerSentEvent] = []
        // A whole piece at once: through the generic sequence each byte costs a call.
        if bytes.withContiguousStorageIfAvailable({ parse($0[...], into: &events) }) == nil {
            Array(bytes).withUnsafeBufferPointer { parse($0[...], into: &events) }
        }
        guard !isBroken else { throw FrameTooLarge(limit: frameLimit) }
        return events
    }

    private mutating func parse(_ piece: Slice<UnsafeBufferPointer<UInt8>>, into events: inout [ServerSentEvent]) {
        var rest = afterByteOrderMark(piece)
        while !isBroken, let first = rest.first {
            if previousWasCarriageReturn {
                previousWasCarriageReturn = false
                if first == UInt8(ascii: "\n") {
                    rest.removeFirst()
                    continue
                }
            }
            let end = rest.firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
            continueLine(rest[..<(end ?? rest.endIndex)])
            guard let end else { return }
            previousWasCarriageReturn = rest[end] == UInt8(ascii: "\r")
            endLine(into: &events)
            rest = rest[(end + 1)...]
        }
    }

    private mutating func continueLine(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
        guard let first = bytes.first else { return }
        switch part {
        case .fieldName:
            let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
            // One byte more than any known name is enough to see that it is unknown.
            fieldName.append(contentsOf: bytes[..<(colon ?? bytes.endIndex)].prefix(6 - fieldName.count))
            guard let colon else { return }
            part = .valueStart(beginField())
            continueLine(bytes[(colon + 1)...])
        case .valueStart(let field):
            part = .value(field)
            continueLine(first == UInt8(ascii: " ") ? bytes.dropFirst() : bytes)
        case .value(.data): data?.append(contentsOf: bytes)
        case .value(.event): eventName.append(contentsOf: bytes)
        case .value(.ignored): break
        }
        isBroken = (data?.count ?? 0) + eventName.count > frameLimit
    }

    private mutating func beginField() -> Field {
        defer { fieldName = [] }
        if fieldName.elementsEqual("data".utf8) {
            if data == nil { data = [] } else { data?.append(UInt8(ascii: "\n")) }
            return .data
        }
        if fieldName.elementsEqual("event".utf8) {
            eventName = []
            return .event
        }
        return .ignored
    }

    private mutating func endLine(into events: inout [ServerSentEvent]) {
        defer { part = .fieldName }
        guard case .fieldName = part else { return }
        guard fieldName.isEmpty else {
            _ = beginField()
            return
        }
        if let data { events.append(ServerSentEvent(name: String(decoding: eventName, as: UTF8.self), data: data)) }
        data = nil
        eventName = []
    }
}

extension ServerSentEventParser {
    private enum ByteOrderMark {
        static let bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
        case expected(matched: Int)
        case past
    }

    /// Skips the mark at the stream's begin; what only looked like one is part of the first line.
    private mutating func afterByteOrderMark(
        _ piece: Slice<UnsafeBufferPointer<UInt8>>
    ) -> Slice<UnsafeBufferPointer<UInt8>> {
        var rest = piece
        while case .expected(let matched) = byteOrderMark, let byte = rest.first {
            if byte == ByteOrderMark.bytes[matched] {
                rest.removeFirst()
                byteOrderMark = matched + 1 < ByteOrderMark.bytes.count ? .expected(matched: matched + 1) : .past
            } else {
                fieldName = Array(ByteOrderMark.bytes.prefix(matched))
                byteOrderMark = .past
            }
        }
        return rest
    }
}
