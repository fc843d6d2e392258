/// File names as people see them.
package enum AgentFileName {
    /// The last component of `name` without what could mislead a person or a file system; `nil` when nothing is left.
    package static func clean(_ name: String?) -> String? {
        guard let name else { return nil }
        let last = name.unicodeScalars.split { $0 == "/" || $0 == "\\" }.last ?? []
        let visible = last.filter { !isHidden($0) }
        var text = String(String.UnicodeScalarView(visible.drop { $0 == " " || $0 == "." }))
        while text.hasSuffix(" ") || text.hasSuffix(".") { text.removeLast() }
        let cut = shorten(text, to: 120)
        return cut.isEmpty ? nil : cut
    }

    /// A name for a file that came without one.
    static func standard(_ kind: AgentFile.Kind, _ mimeType: String?) -> String {
        guard let ending = mimeType.flatMap({ endings[$0] }) else { return kind.rawValue }
        return "\(kind.rawValue).\(ending)"
    }

    /// Control characters, and those that turn the direction of text: `exe.gpj` must not read as a picture.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            // Joiners hold emoji together.
            scalar != "\u{200D}"
        default: false
        }
    }

    /// Keeps the ending, which says what the file is.
    private static func shorten(_ name: String, to limit: Int) -> String {
        guard name.count > limit else { return name }
        let ending = name.lastIndex(of: ".").map { name[$0...] } ?? ""
        let kept = ending.count > 16 ? "" : String(ending)
        return name.prefix(limit - kept.count) + kept
    }

    /// The type of files whose name ends so; `nil` when it is not known.
    static func mimeType(ofEnding ending: String) -> String? {
        endings.first { $0.value == ending }?.key ?? (ending == "jpeg" ? "image/jpeg" : nil)
    }

    private static let endings = [
        "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp", "image/svg+xml": "svg",
        "audio/mpeg": "mp3", "audio/ogg": "ogg", "audio/wav": "wav", "audio/mp4": "m4a",
        "video/mp4": "mp4", "video/webm": "webm",
        "application/pdf": "pdf", "application/json": "json", "application/zip": "zip",
        "text/plain": "txt", "text/csv": "csv", "text/html": "html", "text/markdown": "md",
    ]
}
