import Basics
import HTTP

/// The content repository.
extension MatrixSimulator {
    /// `nil` cuts the connection, as happens to who sends too much.
    func upload(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue? {
        guard call.bytes.count <= settings.uploadLimit else { return nil }
        return [
            "content_uri": .string(
                store(
                    call.bytes,
                    name: call.query("filename"),
                    mimeType: call.contentType ?? "application/octet-stream"
                )
            )
        ]
    }

    /// Keeps a file and returns its `mxc://` address.
    func store(_ bytes: [UInt8], name: String?, mimeType: String) -> String {
        let id = randomToken(length: 24, alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        files[id] = StoredFile(name: name, mimeType: mimeType, bytes: bytes)
        return "mxc://\(Self.serverName)/\(id)"
    }

    func download(_ call: MatrixRequest) throws(MatrixAPIError) -> HTTPServerResponse {
        guard call.parameter("server") == Self.serverName, let file = files[call.parameter("media")] else {
            let path = "/_matrix/client/v1/media/download/\(call.parameter("server"))/\(call.parameter("media"))"
            throw .notFound("Not found '\(path)'")
        }
        let isShown =
            ["image/", "audio/", "video/"].contains { file.mimeType.hasPrefix($0) } || file.mimeType == "text/plain"
        var disposition = isShown ? "inline" : "attachment"
        if let name = call.parameters["name"] ?? file.name {
            let isPlain = name.utf8.allSatisfy { isASCIIWordByte($0) || "-.".utf8.contains($0) }
            disposition += isPlain ? "; filename=\(name)" : "; filename*=utf-8''\(name.percentEncoded)"
        }
        return HTTPServerResponse(
            status: 200,
            headers: [
                HTTPHeader("Content-Type", file.mimeType), HTTPHeader("Content-Disposition", disposition),
                HTTPHeader("Cross-Origin-Resource-Policy", "cross-origin"),
            ],
            body: .bytes(file.bytes)
        )
    }

    /// What is kept under an `mxc://` address.
    package func bytes(at address: String) -> [UInt8]? {
        let prefix = "mxc://\(Self.serverName)/"
        return address.hasPrefix(prefix) ? files[String(address.dropFirst(prefix.count))]?.bytes : nil
    }
}
