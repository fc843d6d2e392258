import Basics

/// Writes a request as `RunAgentInput` of AG-UI 1.0.
///
/// All fields that 0.1 required are there, though 1.0 does not, and none is `null`: an older server refuses either.
struct AGUIRequest {
    static func body(_ request: AgentRequest) -> StreamedJSON {
        [
            "threadId": .string(String(request.platformChatID)),
            "runId": .string(request.runID),
            "protocolVersion": "1.0",
            "state": .object([]),
            "messages": .array(request.messages.map(message)),
            "tools": .array([]),
            "context": .array([]),
            "forwardedProps": [
                "platform_chat_id": .value(JSONValue(request.platformChatID)),
                "surface": .string(request.surface),
                "kind": .string(request.kind),
            ],
        ]
    }

    private static func message(_ message: AgentMessage) -> StreamedJSON {
        // Parts are new in 0.1.10 and allowed for people only: text alone stays a string.
        let isPlain = message.role == .assistant || message.files.isEmpty
        return [
            "id": .string(message.id),
            "role": .string(message.role.rawValue),
            "content": isPlain ? .string(message.text) : .array(message.parts.map(part)),
        ]
    }

    private static func part(_ part: AgentPart) -> StreamedJSON {
        switch part {
        case .text(let text): ["type": "text", "text": .string(text)]
        case .file(let file):
            [
                "type": .string(file.kind.rawValue),
                "source": source(file),
                "metadata": ["filename": .string(file.name)],
            ]
        }
    }

    private static func source(_ file: AgentFile) -> StreamedJSON {
        switch file.source {
        case .url(let url): ["type": "url", "value": .string(url), "mimeType": .string(file.mimeType)]
        case .data, .path:
            ["type": "data", "value": .base64(prefix: "", file.source), "mimeType": .string(file.mimeType)]
        }
    }
}

extension AgentMessage {
    /// The text parts, each on a line of its own.
    var text: String {
        parts.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined(separator: "\n")
    }

    var files: [AgentFile] {
        parts.compactMap { if case .file(let file) = $0 { file } else { nil } }
    }
}
