import Basics
import SurfaceKit

extension InboundFile {
    /// The file of a media message; `nil` when it has no usable address (encrypted files have none).
    init?(matrix content: JSONValue, kind: String?) {
        guard let address = content["url"]?.string, MediaAddress(address) != nil else { return nil }
        let fileKind: FileKind =
            switch kind {
            case "m.image", "m.sticker": .image
            case "m.audio": .audio
            case "m.video": .video
            default: .document
            }
        let mimeType = content["info"]?["mimetype"]?.string ?? fileKind.commonMimeType
        let claimed = content["filename"]?.string ?? content["body"]?.string ?? ""
        let name = claimed.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? fileKind.rawValue
        self.init(
            reference: FileReference(address),
            kind: fileKind,
            name: name,
            mimeType: mimeType,
            size: content["info"]?["size"]?.int64.flatMap { $0 >= 0 ? Int(clamping: $0) : nil }
        )
    }
}

extension FileKind {
    /// What is assumed when the sender does not say.
    fileprivate var commonMimeType: String {
        switch self {
        case .image: "image/png"
        case .audio: "audio/ogg"
        case .video: "video/mp4"
        case .document: "application/octet-stream"
        }
    }

    /// `msgtype` of a message with such a file.
    var messageType: String {
        switch self {
        case .image: "m.image"
        case .audio: "m.audio"
        case .video: "m.video"
        case .document: "m.file"
        }
    }
}
