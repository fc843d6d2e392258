import Basics
import SurfaceKit

/// What a message holds besides its text: files, and things that become words.
struct Attachments: Hashable, Sendable {
    var files: [InboundFile] = []
    /// A sticker, place, contact or the like in words for the agent.
    var words: String?
    /// Whether it is a question without any text.
    var isQuestion = false

    init(of message: JSONValue) {
        let number = message["message_id"]?.int64 ?? 0
        // Sizes of one picture: the last is the largest.
        if let photo = message["photo"]?.array?.last {
            add(photo, .image, name: "photo_\(number).jpg", mimeType: "image/jpeg")
        } else if let animation = message["animation"] {
            // Comes with the same file as `document`.
            add(animation, .video, name: "animation_\(number).mp4", mimeType: "video/mp4")
        } else if let video = message["video"] {
            add(video, .video, name: "video_\(number).mp4", mimeType: "video/mp4")
        } else if let audio = message["audio"] {
            add(audio, .audio, name: "audio_\(number).mp3", mimeType: "audio/mpeg")
        } else if let document = message["document"] {
            addDocument(document, name: "file_\(number)")
        } else if let voice = message["voice"] {
            add(voice, .audio, name: "voice_\(number).ogg", mimeType: "audio/ogg")
            isQuestion = true
        } else if let note = message["video_note"] {
            add(note, .video, name: "video_note_\(number).mp4", mimeType: "video/mp4")
            isQuestion = true
        } else if let sticker = message["sticker"] {
            addSticker(sticker, number)
        } else if let words = Self.words(for: message) {
            self.words = words
            isQuestion = true
        }
    }

    private mutating func add(_ file: JSONValue, _ kind: FileKind, name: String, mimeType: String) {
        guard let id = file["file_id"]?.string else { return }
        files.append(
            InboundFile(
                reference: FileReference(id),
                kind: kind,
                name: file["file_name"]?.string ?? name,
                mimeType: file["mime_type"]?.string ?? mimeType,
                size: file["file_size"]?.int64.map(Int.init)
            )
        )
    }

    private mutating func addDocument(_ document: JSONValue, name: String) {
        let mimeType = document["mime_type"]?.string ?? "application/octet-stream"
        let kind: FileKind =
            switch mimeType.prefix(while: { $0 != "/" }) {
            case "image": .image
            case "audio": .audio
            case "video": .video
            default: .document
            }
        add(document, kind, name: name, mimeType: mimeType)
    }

    /// Its emoji in words; the picture too when it is one.
    private mutating func addSticker(_ sticker: JSONValue, _ number: Int64) {
        words = ["[sticker", sticker["emoji"]?.string].compactMap { $0 }.joined(separator: " ") + "]"
        isQuestion = true
        if sticker["is_video"]?.bool == true {
            add(sticker, .video, name: "sticker_\(number).webm", mimeType: "video/webm")
        } else if sticker["is_animated"]?.bool != true {
            add(sticker, .image, name: "sticker_\(number).webp", mimeType: "image/webp")
        }
    }

    private static func words(for message: JSONValue) -> String? {
        // A venue comes with the same place as `location`.
        if let venue = message["venue"] {
            let place = [venue["title"]?.string, venue["address"]?.string].compactMap { $0 }.joined(separator: ", ")
            return "[place: \(place)\(venue["location"].flatMap(coordinates).map { ", \($0)" } ?? "")]"
        }
        if let location = message["location"] { return coordinates(location).map { "[location: \($0)]" } }
        if let contact = message["contact"] {
            let parts = [contact["first_name"]?.string, contact["last_name"]?.string, contact["phone_number"]?.string]
            return "[contact: \(parts.compactMap { $0 }.joined(separator: " "))]"
        }
        if let dice = message["dice"], let value = dice["value"]?.int64 {
            return "[\(dice["emoji"]?.string ?? "dice") \(value)]"
        }
        if let poll = message["poll"] {
            let options = (poll["options"]?.array ?? []).compactMap { $0["text"]?.string }.map { "\n- \($0)" }
            return "[poll: \(poll["question"]?.string ?? "")]\(options.joined())"
        }
        return nil
    }

    private static func coordinates(_ location: JSONValue) -> String? {
        guard case .number(let latitude)? = location["latitude"], case .number(let longitude)? = location["longitude"]
        else { return nil }
        return "\(latitude.text), \(longitude.text)"
    }
}
