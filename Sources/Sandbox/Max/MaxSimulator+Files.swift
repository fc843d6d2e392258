import Basics
import HTTP

/// An upload that was opened.
struct MaxUpload: Sendable {
    let kind: String
    /// Told when it was opened; sounds and videos have it before their bytes.
    let token: String
    var isUsed = false
}

extension MaxSimulator {
    // MARK: In

    func openUpload(_ call: MaxCall) throws(MaxFault) -> JSONValue {
        guard let kind = call.query["type"]?.string else { throw .payload("Missing required parameter: type") }
        let id = "u\(nextNumber())"
        let token = "\(kind)-token-\(id)"
        uploads[id] = MaxUpload(kind: kind, token: token)
        var answer = JSONObject()
        answer["url"] = .string("\(address)/upload/\(id)")
        if ["video", "audio"].contains(kind) { answer["token"] = .string(token) }
        return .object(answer)
    }

    func upload(_ request: HTTPServerRequest, _ id: String) -> HTTPServerResponse {
        if request.headers["Authorization"] != nil { violate("upload: the token is not for this host") }
        guard let upload = uploads[id], !upload.isUsed, request.method == "POST" else {
            return MaxFault(404, "not.found", "Upload not found").response
        }
        let type = request.headers["Content-Type"] ?? ""
        let boundary = type.hasPrefix("multipart/form-data") ? MultipartBody.boundary(in: type) : nil
        let parts = boundary.map { MultipartBody(request.body, boundary: $0).parts } ?? []
        guard parts.count == 1, let part = parts.first, let name = part.fileName, takes(part.name, upload.kind),
            !settings.unsupportedUploads.contains(upload.kind)
        else { return .text("Unsupported Media Type", "text/plain", status: 415) }
        uploads[id]?.isUsed = true
        if upload.kind == "image", !Self.isPicture(part.bytes) {
            return .json(["error_code": "503", "error_data": "IMAGE_INVALID_FORMAT"])
        }
        store(part.bytes, upload.kind, name: name, mimeType: part.mimeType, token: upload.token)
        return receipt(for: upload)
    }

    private func receipt(for upload: MaxUpload) -> HTTPServerResponse {
        switch upload.kind {
        case "image":
            .json(["photos": .object(JSONObject([.init(key: "k1", value: ["token": .string(upload.token)])]))])
        case "file": .json(["fileId": JSONValue(lastNumber), "token": .string(upload.token)])
        default: .text("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<retval>1</retval>", "text/xml")
        }
    }

    private func takes(_ field: String, _ kind: String) -> Bool {
        switch kind {
        case "image", "file": field == "data"
        default: settings.wantsFileField ? field == "file" : field == "file" || field == "data"
        }
    }

    private static func isPicture(_ bytes: [UInt8]) -> Bool {
        [[0x89, 0x50, 0x4E, 0x47], [0xFF, 0xD8], Array("RIFF".utf8), Array("GIF8".utf8)].contains {
            bytes.starts(with: $0)
        }
    }

    /// Keeps the bytes of something under its token.
    func store(_ bytes: [UInt8], _ kind: String, name: String, mimeType: String, token: String) {
        media[token] = MaxMedia(
            kind: kind,
            name: name,
            mimeType: mimeType,
            bytes: bytes,
            notReady: settings.notReady,
            number: nextNumber()
        )
    }

    func nextNumber() -> Int64 {
        lastNumber += 1
        return lastNumber
    }

    // MARK: Out

    /// As a message holds it, with a link that is good for a while.
    func json(of attachment: MaxMessage.Attachment) -> JSONValue {
        guard case .media(let kind, let token) = attachment else {
            if case .other(let json) = attachment { return json }
            return .null
        }
        var payload = JSONObject()
        payload["token"] = .string(token)
        payload["url"] = .string(link(to: token))
        var json = JSONObject()
        json["type"] = .string(kind)
        switch kind {
        case "image": payload["photo_id"] = JSONValue(media[token]?.number ?? 0)
        case "file":
            json["filename"] = .string(media[token]?.name ?? "")
            json["size"] = JSONValue(media[token]?.bytes.count ?? 0)
        case "video":
            // What it holds is the page of a player; the bytes are asked for by the token.
            payload["url"] = .string("\(address)/player/\(token)")
            json["thumbnail"] = ["url": .string("\(address)/thumbnail/\(token)")]
            (json["width"], json["height"], json["duration"]) = (640, 480, 1)
        default: break
        }
        json["payload"] = .object(payload)
        return .object(json)
    }

    private func link(to token: String) -> String { "\(address)/download/\(token)?sig=\(linkAge)" }

    func video(_ call: MaxCall) throws(MaxFault) -> JSONValue {
        let token = call.variables["videoToken"] ?? ""
        guard media[token]?.kind == "video" else { throw MaxFault(404, "video.not.found", "Video not found") }
        let urls: JSONValue = ["mp4_720": .string(link(to: token)), "mp4_144": .string("\(address)/download/small")]
        return ["token": .string(token), "urls": urls, "width": 640, "height": 480, "duration": 1]
    }

    func download(_ request: HTTPServerRequest, _ token: String) -> HTTPServerResponse {
        if request.headers["Authorization"] != nil { violate("download: the token is not for this host") }
        guard request.query.first(where: { $0.name == "sig" })?.value == String(linkAge) else {
            return .text("expired", "text/plain", status: 403)
        }
        guard let file = media[token] else { return .text("not found", "text/plain", status: 404) }
        return HTTPServerResponse(
            status: 200,
            headers: [HTTPHeader("Content-Type", file.mimeType)],
            body: .bytes(file.bytes)
        )
    }

    /// All links given out so far stop working.
    package func expireLinks() { linkAge += 1 }
}
