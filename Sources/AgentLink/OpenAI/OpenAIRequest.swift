import Basics

/// Writes a request for `POST {base}/chat/completions`.
struct OpenAIRequest {
    static func body(_ request: AgentRequest, model: String) -> StreamedJSON {
        [
            "model": .string(model),
            "stream": .value(true),
            "stream_options": ["include_usage": .value(true)],
            "messages": .array(request.messages.map(message)),
        ]
    }

    /// The address of chat completions below `base`, whose query is kept.
    static func url(_ base: String) -> String {
        let end = base.firstIndex { $0 == "?" || $0 == "#" } ?? base.endIndex
        var path = base[..<end]
        while path.hasSuffix("/") { path.removeLast() }
        return path + "/chat/completions" + base[end...].prefix { $0 != "#" }
    }

    private static func message(_ message: AgentMessage) -> StreamedJSON {
        let isPlain = message.role == .assistant || message.files.isEmpty
        return [
            "role": .string(message.role.rawValue),
            "content": isPlain ? .string(message.text) : .array(message.parts.map(part)),
        ]
    }

    private static func part(_ part: AgentPart) -> StreamedJSON {
        switch part {
        case .text(let text): ["type": "text", "text": .string(text)]
        case .file(let file): self.file(file)
        }
    }

    private static func file(_ file: AgentFile) -> StreamedJSON {
        switch (file.kind, file.source) {
        case (.image, .url(let url)):
            ["type": "image_url", "image_url": ["url": .string(url)]]
        case (_, .url(let url)):
            // A file part has no field for an address.
            ["type": "text", "text": .string("[file: \(file.name)] \(url)")]
        case (.image, _):
            ["type": "image_url", "image_url": ["url": dataURL(file)]]
        default:
            ["type": "file", "file": ["filename": .string(file.name), "file_data": dataURL(file)]]
        }
    }

    private static func dataURL(_ file: AgentFile) -> StreamedJSON {
        .base64(prefix: "data:\(file.mimeType);base64,", file.source)
    }
}
