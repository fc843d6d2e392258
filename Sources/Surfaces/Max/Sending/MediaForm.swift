import SurfaceKit

/// The form in which a file is shown; raw values are MAX’s types of uploads and attachments.
enum MediaForm: String, Hashable, Sendable {
    case image, video, audio, file

    /// Largest upload of any form in one request, in bytes.
    static let mostBytes = 2 << 30

    private var limit: Int {
        switch self {
        case .image: 50_000_000
        case .video: 250_000_000
        case .audio: 256_000_000
        case .file: Self.mostBytes
        }
    }

    /// Only what MAX plays or shows; everything else arrives whole as a file.
    init(for file: OutboundFile) {
        let wanted: MediaForm =
            switch file.mimeType.lowercased() {
            case "image/jpeg", "image/png", "image/gif", "image/webp": file.kind == .image ? .image : .file
            case "audio/mpeg", "audio/mp3", "audio/mp4", "audio/x-m4a", "audio/m4a":
                file.kind == .audio ? .audio : .file
            case "video/mp4", "video/quicktime", "video/webm": file.kind == .video ? .video : .file
            default: .file
            }
        self = file.size <= wanted.limit ? wanted : .file
    }

    /// Names of the part that holds the bytes, the likeliest first: of sounds and videos two were seen.
    var fields: [String] {
        switch self {
        case .image, .file: ["data"]
        case .video, .audio: ["data", "file"]
        }
    }
}
