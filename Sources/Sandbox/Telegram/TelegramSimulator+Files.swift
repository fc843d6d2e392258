import Basics
import FoundationEssentials
import HTTP

extension TelegramSimulator {
    // MARK: Sending

    /// - Parameter kind: The method without `send`, which is also the name of the upload.
    func sendMedia(_ kind: String, _ request: BotAPIRequest) throws(BotAPIFault) -> JSONValue {
        let chat = try writableChat(request.parameters)
        let thread = try thread(request.parameters, in: chat)
        guard request.parameters[kind] != nil || request.files[kind] != nil else {
            throw .bad("there is no \(kind) in the request")
        }
        let media = try media(kind, request.parameters[kind]?.string, request, part: kind)
        let caption = try caption(request.parameters)
        try spend(in: chat)
        return try post(caption, media, in: chat, thread, request.parameters)
    }

    func sendMediaGroup(_ request: BotAPIRequest) throws(BotAPIFault) -> JSONValue {
        let chat = try writableChat(request.parameters)
        let thread = try thread(request.parameters, in: chat)
        let items = request.parameters["media"]?.array ?? []
        guard (2...10).contains(items.count) else { throw .bad("group send failed") }
        try spend(in: chat)
        var sent: [JSONValue] = []
        for item in items {
            guard let current = chats[chat.id], let kind = item["type"]?.string else { continue }
            let media = try media(kind, item["media"]?.string, request, part: nil)
            let text = ParsedText(text: item["caption"]?.string ?? "", entities: [])
            sent.append(try post(text, media, in: current, thread, request.parameters))
        }
        return .array(sent)
    }

    func editMessageMedia(_ request: BotAPIRequest) throws(BotAPIFault) -> JSONValue {
        let chat = try writableChat(request.parameters)
        let index = try ownMessage(request.parameters, in: chat)
        guard let item = request.parameters["media"], let kind = item["type"]?.string else {
            throw .bad("can't parse InputMedia: media not found")
        }
        let media = try media(kind, item["media"]?.string, request, part: nil)
        try spend(in: chat)
        var message = chat.messages[index]
        message.media = media
        message.text = item["caption"]?.string ?? ""
        message.versions.append(message.text)
        for key in ["text", "entities", "photo", "audio", "video", "document"] { message.json[key] = nil }
        message.json[media.kind] = media.json
        chats[chat.id]?.messages[index] = message
        return .object(message.json)
    }

    private func caption(_ parameters: JSONObject) throws(BotAPIFault) -> ParsedText {
        guard let caption = parameters["caption"]?.string, !caption.isEmpty else {
            return ParsedText(text: "", entities: [])
        }
        return try parse(caption, parameters, tooLong: "message caption is too long", limit: 1024)
    }

    private func media(
        _ kind: String,
        _ source: String?,
        _ request: BotAPIRequest,
        part: String?
    ) throws(BotAPIFault) -> SimulatedMessage.Media {
        let name = source.flatMap { $0.hasPrefix("attach://") ? String($0.dropFirst(9)) : nil } ?? part ?? ""
        if let file = request.files[name] {
            if kind == "photo", !Self.isPicture(file.bytes) { throw .bad("IMAGE_PROCESS_FAILED") }
            return store(file.bytes, kind: kind, name: file.name, mimeType: file.mimeType)
        }
        guard let source, let known = files[source] else { throw .bad("wrong file identifier/HTTP URL specified") }
        return SimulatedMessage.Media(
            kind: kind,
            file: source,
            name: known.name,
            mimeType: known.mimeType,
            size: known.bytes.count
        )
    }

    private static func isPicture(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) || bytes.starts(with: [0xFF, 0xD8])
            || bytes.starts(with: Array("RIFF".utf8))
    }

    func store(_ bytes: [UInt8], kind: String, name: String, mimeType: String) -> SimulatedMessage.Media {
        lastFile += 1
        let id = "FILE\(lastFile)_\(kind)"
        let path = "\(kind)s/file_\(lastFile)"
        files[id] = StoredFile(name: name, path: path, mimeType: mimeType, bytes: bytes)
        return SimulatedMessage.Media(kind: kind, file: id, name: name, mimeType: mimeType, size: bytes.count)
    }

    // MARK: Downloads

    func getFile(_ parameters: JSONObject) throws(BotAPIFault) -> JSONValue {
        guard let id = parameters["file_id"]?.string, let file = files[id] else { throw .bad("invalid file_id") }
        guard file.bytes.count <= settings.downloadLimit else { throw .bad("file is too big") }
        var path = file.path
        if let folder = settings.localFiles {
            path = "\(folder)/\(token)/\(file.path)"
            let parent = path.split(separator: "/").dropLast().joined(separator: "/")
            try? FileManager.default.createDirectory(atPath: "/\(parent)", withIntermediateDirectories: true)
            try? Data(file.bytes).write(to: URL(filePath: path))
        }
        return [
            "file_id": .string(id), "file_unique_id": .string("U\(id)"), "file_size": JSONValue(file.bytes.count),
            "file_path": .string(path),
        ]
    }

    func download(_ parts: [String]) -> HTTPServerResponse {
        let path = parts.dropFirst(2).joined(separator: "/")
        guard parts.count > 2, parts[1].percentDecoded == "bot\(token)", settings.knowsToken,
            let file = files.values.first(where: { $0.path == path.percentDecoded })
        else { return .fault(BotAPIFault(404, "Not Found")) }
        return HTTPServerResponse(
            status: 200,
            headers: [HTTPHeader("Content-Type", "application/octet-stream")],
            body: .bytes(file.bytes)
        )
    }
}

extension SimulatedMessage.Media {
    /// As a message holds it.
    var json: JSONValue {
        var file = JSONObject()
        file["file_id"] = .string(self.file)
        file["file_unique_id"] = .string("U\(self.file)")
        file["file_size"] = JSONValue(size)
        if kind == "photo" {
            (file["width"], file["height"]) = (1280, 960)
            let small: JSONValue = [
                "file_id": .string("\(self.file)_s"), "file_unique_id": "s", "width": 90, "height": 67,
            ]
            return .array([small, .object(file)])
        }
        file["file_name"] = .string(name)
        file["mime_type"] = .string(mimeType)
        if ["audio", "video", "voice", "animation"].contains(kind) { file["duration"] = 1 }
        if ["video", "animation"].contains(kind) { (file["width"], file["height"]) = (640, 480) }
        if kind == "voice" { file["file_name"] = nil }
        return .object(file)
    }
}
