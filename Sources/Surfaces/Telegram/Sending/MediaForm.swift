import SurfaceKit

/// The form in which a file is shown.
struct MediaForm: Hashable, Sendable {
    /// Raw values are the names of the upload parameter and of `InputMedia` types.
    enum Kind: String, Sendable {
        case photo, audio, video, document

        var method: String {
            switch self {
            case .photo: "sendPhoto"
            case .audio: "sendAudio"
            case .video: "sendVideo"
            case .document: "sendDocument"
            }
        }
    }

    let kind: Kind

    static let document = MediaForm(kind: .document)
    /// Largest upload ("Sending files"), in bytes.
    static let mostBytes = 50 << 20
    static let mostPhotoBytes = 10 << 20

    init(kind: Kind) { self.kind = kind }

    /// Only what Telegram plays or shows; everything else arrives whole as a document.
    init(for file: OutboundFile) {
        switch file.mimeType.lowercased() {
        case "image/jpeg", "image/png", "image/webp":
            kind = file.kind == .image && file.size <= Self.mostPhotoBytes ? .photo : .document
        case "audio/mpeg", "audio/mp3", "audio/mp4", "audio/x-m4a", "audio/m4a":
            kind = file.kind == .audio ? .audio : .document
        case "video/mp4": kind = file.kind == .video ? .video : .document
        default: kind = .document
        }
    }
}
