import Basics

/// A JSON value in which a string may hold a file that is read, and base64-encoded, only while the value is sent.
indirect enum StreamedJSON: Sendable {
    case value(JSONValue)
    case array([StreamedJSON])
    case object([(key: String, value: StreamedJSON)])
    /// A string: `prefix`, then the bytes of the source in base64.
    case base64(prefix: String, AgentFile.Source)
}

extension StreamedJSON: ExpressibleByStringLiteral, ExpressibleByDictionaryLiteral {
    init(stringLiteral value: String) { self = .value(.string(value)) }
    init(dictionaryLiteral elements: (String, StreamedJSON)...) { self = .object(elements.map { ($0.0, $0.1) }) }

    static func string(_ text: String) -> StreamedJSON { .value(.string(text)) }
}
