import Basics
import FoundationEssentials

extension AgentFile {
    /// Reads the value of a `CUSTOM` event named `attachment`; `nil` when it breaks the contract.
    ///
    /// The shape is that of an AG-UI content part: `type`, `source` (`data` or `url`), `metadata.filename`. Some servers
    /// can only send text as a value, so it may be that object’s JSON text.
    init?(attachment value: JSONValue?) {
        guard var value else { return nil }
        if let text = value.string, let parsed = try? JSONValue(parsing: text.utf8) { value = parsed }
        guard let kind = value["type"]?.string.flatMap(Kind.init), let source = value["source"],
            let content = source["value"]?.string
        else { return nil }

        let mimeType = source["mimeType"]?.string.flatMap(Self.mediaType)
        let name = AgentFileName.clean(value["metadata"]?["filename"]?.string) ?? AgentFileName.standard(kind, mimeType)
        switch source["type"]?.string {
        case "data":
            guard let mimeType, let data = Data(base64Encoded: content), !data.isEmpty else { return nil }
            self.init(kind: kind, source: .data([UInt8](data)), mimeType: mimeType, name: name)
        case "url":
            guard Self.isWebAddress(content) else { return nil }
            self.init(kind: kind, source: .url(content), mimeType: mimeType ?? Self.unknown, name: name)
        default:
            return nil
        }
    }

    private static let unknown = "application/octet-stream"

    /// `type/subtype` in lower case, without parameters; `nil` when it is not that.
    private static func mediaType(_ text: String) -> String? {
        let essence = text.prefix { $0 != ";" }.lowercased()
        let halves = essence.split(separator: "/", omittingEmptySubsequences: false)
        let isSound = halves.count == 2 && halves.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isTokenByte) }
        return isSound && essence.utf8.count <= 127 ? essence : nil
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$&-^_.+".utf8.contains(byte)
        }
    }

    /// An absolute `http` or `https` address with a host and without spaces or control characters.
    private static func isWebAddress(_ text: String) -> Bool {
        guard text.utf8.count <= 8192, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") })
        else {
            return false
        }
        guard let end = text.firstRange(of: "://")?.upperBound else { return false }
        guard ["http://", "https://"].contains(text[..<end].lowercased()) else { return false }
        return !text[end...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }.isEmpty
    }
}
