import Basics
import FoundationEssentials

/// Where the bytes of an agent’s file are, and what is said about them.
struct AttachedContent {
    let source: AgentFile.Source
    let mimeType: String?
    let name: String?

    /// The first bytes, when they came along.
    var bytes: [UInt8] { if case .data(let bytes) = source { bytes } else { [] } }

    init?(part: JSONValue) {
        let file = part["file"] ?? part
        let source = part["source"] ?? file
        let address = part["image_url"]?["url"] ?? part["image_url"] ?? part["url"]
        let text = source["value"] ?? source["data"] ?? file["file_data"] ?? source["url"] ?? address
        guard let text = text?.string else { return nil }
        // Only a source says which of the two it holds.
        let form = part["source"]?["type"]?.string
        guard part["source"] == nil || ["data", "base64", "url"].contains(form) else { return nil }

        let said = (source["mimeType"] ?? source["mime_type"] ?? source["media_type"])?.string
            .flatMap(AgentFile.mediaType)
        name = (part["metadata"]?["filename"] ?? file["filename"] ?? file["name"])?.string
        if let data = DataAddress(text) {
            self.source = .data(data.bytes)
            mimeType = said ?? data.mimeType
        } else if AgentFile.isWebAddress(text), form == nil || form == "url" {
            self.source = .url(text)
            mimeType = said
        } else if form != "url", let bytes = LenientBase64.bytes(text), !bytes.isEmpty {
            self.source = .data(bytes)
            mimeType = said
        } else {
            return nil
        }
    }
}

/// A `data:` URL (RFC 2397).
struct DataAddress {
    let mimeType: String?
    let bytes: [UInt8]

    /// `nil` when it is none, or holds nothing.
    init?(_ text: String) {
        guard text.utf8.count > 5, text.prefix(5).lowercased() == "data:",
            let comma = text.utf8.firstIndex(of: UInt8(ascii: ","))
        else { return nil }
        let head = text[text.index(text.startIndex, offsetBy: 5)..<comma].lowercased()
        let body = String(text[text.utf8.index(after: comma)...])
        mimeType = AgentFile.mediaType(head)
        let isBase64 = head.split(separator: ";").dropFirst(head.hasPrefix(";") ? 0 : 1)
            .contains { $0.drop(while: \.isWhitespace) == "base64" }
        let found = isBase64 ? LenientBase64.bytes(body) : Self.unescaped(body)
        guard let found, !found.isEmpty else { return nil }
        bytes = found
    }

    /// Percent-encoding undone; `nil` when it is broken.
    private static func unescaped(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let code = UInt8(Substring(rest.prefix(2)), radix: 16), rest.count >= 2 else { return nil }
            bytes.append(code)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}

/// Base64 as it is found: with line ends, in the alphabet for addresses, with `%2B` and the like, without padding.
enum LenientBase64 {
    static func bytes(_ text: String) -> [UInt8]? {
        if let data = Data(base64Encoded: text) { return [UInt8](data) }
        var symbols: [UInt8] = []
        symbols.reserveCapacity(text.utf8.count + 3)
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "-"): symbols.append(UInt8(ascii: "+"))
            case UInt8(ascii: "_"): symbols.append(UInt8(ascii: "/"))
            case UInt8(ascii: "="), UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): break
            case UInt8(ascii: "%"):
                guard let code = UInt8(Substring(rest.prefix(2)), radix: 16) else { return nil }
                if code != UInt8(ascii: "=") { symbols.append(code) }
                rest = rest.dropFirst(2)
            default: symbols.append(byte)
            }
        }
        guard symbols.count % 4 != 1 else { return nil }
        while symbols.count % 4 != 0 { symbols.append(UInt8(ascii: "=")) }
        return Data(base64Encoded: Data(symbols)).map { [UInt8]($0) }
    }
}
