/// Turns log lines into bytes that end in one line feed and hold no other control character.
struct LogFormat: Sendable {
    /// Longest line: what a pipe takes in one piece or not at all (`PIPE_BUF`).
    static let maximum = 4096

    private let format: LogSettings.Format

    init(_ format: LogSettings.Format) { self.format = format }

    func bytes(of line: Log.Line, at milliseconds: Int64) -> [UInt8] {
        let time = iso8601(milliseconds: milliseconds, fraction: true)
        // Values are short by habit; what is not is cut, so that the line stays whole.
        for limit in [1024, 128] {
            let bytes = bytes(of: line, fields: fields(of: line, limit: limit), time: time)
            if bytes.count <= Self.maximum { return bytes }
        }
        return bytes(of: line, fields: [("cut", .flag(true))], time: time)
    }

    private func bytes(of line: Log.Line, fields: [(key: String, value: Log.Value)], time: String) -> [UInt8] {
        switch format {
        case .json:
            let head: [(String, Log.Value)] = [
                ("time", .text(time)), ("level", .text(line.level.rawValue)), ("message", .text(line.phrase)),
            ]
            let members = (head + fields).map { JSONObject.Member(key: $0.0, value: $0.1.json) }
            return JSONValue.object(JSONObject(members)).encoded + [0x0A]
        case .text:
            let pairs = fields.map { " \(Self.visible($0.key))=\(Self.quoted($0.value.description))" }.joined()
            return Array("\(time) \(line.level.rawValue) \(Self.visible(line.phrase))\(pairs)\n".utf8)
        }
    }

    /// Each key once: the last value counts, and the keys of the line itself are not to be had.
    private func fields(of line: Log.Line, limit: Int) -> [(key: String, value: Log.Value)] {
        var fields: [(key: String, value: Log.Value)] = []
        for (key, value) in line.fields {
            let key = ["time", "level", "message"].contains(key) ? "\(key)_" : key
            let cut = value.cut(to: limit)
            if let index = fields.firstIndex(where: { $0.key == key }) {
                fields[index].value = cut
            } else {
                fields.append((key, cut))
            }
        }
        return fields
    }

    /// In double quotes, unless it is one plain word.
    private static func quoted(_ value: String) -> String {
        let isPlain = !value.utf8.contains { $0 <= 0x20 || "\"=\\".utf8.contains($0) }
        if isPlain, !value.isEmpty { return visible(value) }
        return "\"\(visible(value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")))\""
    }

    /// `text` with everything escaped that could end the line, move the cursor or turn the direction of reading.
    private static func visible(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isTreacherous) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where isTreacherous(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isTreacherous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0: true
        // Line and paragraph separators; marks, embeddings, overrides and isolates of direction.
        case 0x2028, 0x2029, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
