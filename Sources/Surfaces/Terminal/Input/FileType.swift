import SurfaceKit

/// Guesses what a file is by the end of its name.
struct FileType: Hashable {
    let mimeType: String

    var kind: FileKind {
        switch mimeType.prefix(while: { $0 != "/" }) {
        case "image": .image
        case "audio": .audio
        case "video": .video
        default: .document
        }
    }

    static func named(_ name: String) -> FileType {
        let ending = name.split(separator: ".").dropFirst().last.map { $0.lowercased() } ?? ""
        return FileType(mimeType: types[ending] ?? "application/octet-stream")
    }

    private static let types = [
        "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
        "heic": "image/heic", "svg": "image/svg+xml", "mp3": "audio/mpeg", "ogg": "audio/ogg", "opus": "audio/ogg",
        "wav": "audio/wav", "m4a": "audio/mp4", "flac": "audio/flac", "mp4": "video/mp4", "mov": "video/quicktime",
        "webm": "video/webm", "mkv": "video/x-matroska", "pdf": "application/pdf", "json": "application/json",
        "zip": "application/zip", "xml": "application/xml", "txt": "text/plain", "log": "text/plain",
        "csv": "text/csv", "html": "text/html", "md": "text/markdown",
    ]
}
