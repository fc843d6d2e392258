import Basics
import FoundationEssentials

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// The bytes of a request, of which files are read and encoded while they are sent: none is ever whole in memory.
struct RequestBody: Sendable {
    enum Part: Sendable {
        case bytes([UInt8])
        case encoded([UInt8])
        case encodedFile(path: String, size: Int)
    }

    /// A file cannot be read, or is not a file.
    struct Unreadable: Error {
        let reason: String
    }

    private(set) var parts: [Part] = []

    init(_ json: StreamedJSON) throws(Unreadable) { try append(json) }

    /// Bytes of the whole.
    var length: Int {
        parts.reduce(0) { sum, part in
            switch part {
            case .bytes(let bytes): sum + bytes.count
            case .encoded(let bytes): sum + Self.encodedSize(bytes.count)
            case .encodedFile(_, let size): sum + Self.encodedSize(size)
            }
        }
    }

    private static func encodedSize(_ size: Int) -> Int { (size + 2) / 3 * 4 }

    private mutating func append(_ json: StreamedJSON) throws(Unreadable) {
        switch json {
        case .value(let value):
            append(value.encoded)
        case .array(let values):
            append([UInt8(ascii: "[")])
            for (index, value) in values.enumerated() {
                if index > 0 { append([UInt8(ascii: ",")]) }
                try append(value)
            }
            append([UInt8(ascii: "]")])
        case .object(let members):
            append([UInt8(ascii: "{")])
            for (index, member) in members.enumerated() {
                if index > 0 { append([UInt8(ascii: ",")]) }
                append(JSONValue.string(member.key).encoded + [UInt8(ascii: ":")])
                try append(member.value)
            }
            append([UInt8(ascii: "}")])
        case .base64(let prefix, let source):
            append(JSONValue.string(prefix).encoded.dropLast())
            try append(source)
            append([UInt8(ascii: "\"")])
        }
    }

    private mutating func append(_ source: AgentFile.Source) throws(Unreadable) {
        switch source {
        case .data(let bytes): parts.append(.encoded(bytes))
        case .path(let path): parts.append(.encodedFile(path: path, size: try Self.size(path)))
        case .url: throw Unreadable(reason: "an address has no bytes")
        }
    }

    private mutating func append(_ bytes: some Collection<UInt8>) {
        guard case .bytes(var last)? = parts.last else { return parts.append(.bytes(Array(bytes))) }
        parts.removeLast()
        last += bytes
        parts.append(.bytes(last))
    }

    private static func size(_ path: String) throws(Unreadable) -> Int {
        var information = stat()
        guard stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG, access(path, R_OK) == 0 else {
            throw Unreadable(reason: "a file of the message cannot be read")
        }
        return Int(information.st_size)
    }
}
