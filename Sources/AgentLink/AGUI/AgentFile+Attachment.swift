import Basics

extension AgentFile {
    /// Reads a file that the agent sends: the value of a `CUSTOM` event named `attachment`, or a part of a content.
    ///
    /// The shape is that of an AG-UI content part: `type`, `source` (`data` or `url`), `metadata.filename`. Some servers
    /// can only send text as a value, so it may be that object’s JSON text; others use the parts of AG-UI 0.1
    /// (`binary`) and of chat completions (`image_url`, `file`).
    ///
    /// - Returns: `nil` when it holds neither bytes nor an address that could be fetched.
    init?(attachment value: JSONValue?) {
        guard var value else { return nil }
        if let text = value.string, let parsed = try? JSONValue(parsing: text.utf8) { value = parsed }
        guard let content = AttachedContent(part: value) else { return nil }
        let name = AgentFileName.clean(content.name)
        let mimeType = content.mimeType ?? FileSignature.mimeType(content.bytes, named: name) ?? Self.unknown
        let type = value["type"]?.string
        guard let kind = type.flatMap(Kind.init) ?? Self.kind(ofPart: type, mimeType) else { return nil }
        self.init(
            kind: kind,
            source: content.source,
            mimeType: mimeType,
            name: name ?? AgentFileName.standard(kind, mimeType)
        )
    }

    private static let unknown = "application/octet-stream"

    /// What a part holds whose type does not say it.
    private static func kind(ofPart type: String?, _ mimeType: String) -> Kind? {
        switch type {
        case "image_url", "output_image", "input_image": .image
        case nil, "binary"?, "file"?, "input_file"?:
            Kind(rawValue: String(mimeType.prefix { $0 != "/" })) ?? .document
        default: nil
        }
    }

    /// `type/subtype` in lower case, without parameters; `nil` when it is not that.
    static func mediaType(_ text: String) -> String? {
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
    static func isWebAddress(_ text: String) -> Bool {
        guard text.utf8.count <= 8192, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") })
        else {
            return false
        }
        guard let end = text.firstRange(of: "://")?.upperBound else { return false }
        guard ["http://", "https://"].contains(text[..<end].lowercased()) else { return false }
        return !text[end...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }.isEmpty
    }
}
