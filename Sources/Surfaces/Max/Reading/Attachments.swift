import Basics
import SurfaceKit

/// What a message holds besides its text: files, and things that become words.
struct Attachments: Hashable, Sendable {
    var files: [InboundFile] = []
    /// Stickers, places, contacts and the like in words for the agent, one in each line.
    var words: [String] = []
    /// Whether it is a question without any text.
    var isQuestion = false
    /// Kinds that are not known.
    var unknown: [String] = []

    /// - Parameters:
    ///   - body: The body of a message.
    ///   - message: The message to ask for when a link has expired.
    ///   - isLinked: Whether `body` is of the message that `message` forwards or answers.
    init(of body: JSONValue?, in message: String?, isLinked: Bool = false) {
        for (index, attachment) in (body?["attachments"]?.array ?? []).enumerated() {
            add(attachment, AttachmentPlace(attachment, message: message, index: index, isLinked: isLinked))
        }
    }

    private mutating func add(_ attachment: JSONValue, _ place: AttachmentPlace) {
        let payload = attachment["payload"]
        switch place.kind {
        case "image": add(place, .image, name: "image_\(number(of: place)).webp", mimeType: "image/webp")
        case "video": add(place, .video, name: "video_\(number(of: place)).mp4", mimeType: "video/mp4")
        case "audio":
            // What people record; music is sent as a file.
            add(place, .audio, name: "audio_\(number(of: place)).mp3", mimeType: "audio/mpeg")
            if let said = attachment["transcription"]?.string, !said.isEmpty { words.append(said) }
            isQuestion = true
        case "file": addFile(attachment, place)
        case "sticker":
            words.append("[sticker]")
            add(place, .image, name: "sticker_\(payload?["code"]?.string ?? "").webp", mimeType: "image/webp")
            isQuestion = true
        case "location": ask(Self.coordinates(attachment).map { "[location: \($0)]" })
        case "contact": ask("[contact: \(Self.contact(payload))]")
        case "share": share(attachment)
        case "inline_keyboard": break
        default:
            unknown.append(place.kind)
            ask("[\(place.kind.isEmpty ? "attachment" : place.kind)]")
        }
    }

    private mutating func ask(_ words: String?) {
        self.words += [words].compactMap { $0 }
        isQuestion = true
    }

    private func number(of place: AttachmentPlace) -> Int { place.index + 1 }

    private mutating func add(
        _ place: AttachmentPlace,
        _ kind: FileKind,
        name: String,
        mimeType: String,
        size: Int? = nil
    ) {
        guard place.url != nil || place.token != nil else { return }
        files.append(
            InboundFile(reference: place.reference, kind: kind, name: name, mimeType: mimeType, size: size)
        )
    }

    private mutating func addFile(_ attachment: JSONValue, _ place: AttachmentPlace) {
        let name = attachment["filename"]?.string ?? "file_\(number(of: place))"
        let mimeType = FileType.named(name)
        let kind: FileKind =
            switch mimeType.prefix(while: { $0 != "/" }) {
            case "image": .image
            case "audio": .audio
            case "video": .video
            default: .document
            }
        add(place, kind, name: name, mimeType: mimeType, size: attachment["size"]?.int64.map(Int.init))
    }

    /// The preview of a link; the link itself mostly stands in the text as well.
    private mutating func share(_ attachment: JSONValue) {
        let parts = [
            attachment["title"]?.string, attachment["description"]?.string, attachment["payload"]?["url"]?.string,
        ]
        let text = parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " — ")
        if !text.isEmpty { words.append("[link: \(text)]") }
    }

    private static func coordinates(_ location: JSONValue) -> String? {
        guard case .number(let latitude)? = location["latitude"], case .number(let longitude)? = location["longitude"]
        else { return nil }
        return "\(latitude.text), \(longitude.text)"
    }

    /// Name and numbers of a vCard, whose lines may end in the characters `\r\n` written out.
    private static func contact(_ payload: JSONValue?) -> String {
        let card = (payload?["vcf_info"]?.string ?? "").replacing("\\r\\n", with: "\n").replacing("\r\n", with: "\n")
        let fields = card.split(separator: "\n").compactMap { line -> String? in
            let key = line.prefix { $0 != ":" && $0 != ";" }.uppercased()
            guard key == "FN" || key == "TEL", let colon = line.firstIndex(of: ":") else { return nil }
            return String(line[line.index(after: colon)...])
        }
        if !fields.isEmpty { return fields.joined(separator: " ") }
        return payload?["max_info"].map(Speaker.name) ?? ""
    }
}
