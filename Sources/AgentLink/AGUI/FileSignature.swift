/// What a file is, by its first bytes and by the ending of its name.
enum FileSignature {
    /// The media type; `nil` when neither tells.
    static func mimeType(_ bytes: [UInt8], named name: String?) -> String? {
        if let found = signatures.first(where: { bytes.dropFirst($0.offset).starts(with: $0.bytes) }) {
            return found.mimeType
        }
        guard let name, let dot = name.lastIndex(of: ".") else { return nil }
        return AgentFileName.mimeType(ofEnding: name[name.index(after: dot)...].lowercased())
    }

    private static let signatures: [(offset: Int, bytes: [UInt8], mimeType: String)] = [
        (0, [0x89, 0x50, 0x4E, 0x47], "image/png"),
        (0, [0xFF, 0xD8, 0xFF], "image/jpeg"),
        (0, Array("GIF8".utf8), "image/gif"),
        (8, Array("WEBP".utf8), "image/webp"),
        (8, Array("WAVE".utf8), "audio/wav"),
        (0, Array("%PDF-".utf8), "application/pdf"),
        (0, Array("OggS".utf8), "audio/ogg"),
        (0, Array("ID3".utf8), "audio/mpeg"),
        (4, Array("ftyp".utf8), "video/mp4"),
        (0, [0x1A, 0x45, 0xDF, 0xA3], "video/webm"),
        (0, [0x50, 0x4B, 0x03, 0x04], "application/zip"),
    ]
}
