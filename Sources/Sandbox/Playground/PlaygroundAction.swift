import Basics

/// Something that the page asks for.
enum PlaygroundAction: Hashable, Sendable {
    /// A chat of a messenger.
    struct Place: Hashable, Sendable {
        let messenger: String
        let chat: String
    }

    case say(String, in: Place, by: String, replyTo: String?)
    case send(PlaygroundFile, caption: String?, in: Place, by: String)
    case edit(String, in: Place, to: String)
    case press(String, in: Place, by: String)
    case set(PlaygroundTrouble, of: String, Bool)
    case agent(isDown: Bool)
    case host(isRunning: Bool)
    case restartHost

    /// Why a request asks for nothing that can be done.
    struct Fault: Error, Hashable {
        let reason: String
    }

    /// Longest text, in bytes.
    private static let longest = 64 << 10
    /// Longest name of anything.
    private static let longestName = 255

    /// - Parameter verb: The last part of the address.
    init(_ verb: String, _ body: JSONValue) throws(Fault) {
        switch verb {
        case "say":
            self = .say(
                try Self.text(body),
                in: try Place(body),
                by: try Self.name("person", body),
                replyTo: body["replyTo"]?.string
            )
        case "send":
            let caption = body["caption"]?.string.flatMap { $0.isEmpty ? nil : $0 }
            self = .send(try Self.file(body), caption: caption, in: try Place(body), by: try Self.name("person", body))
        case "edit": self = .edit(try Self.name("message", body), in: try Place(body), to: try Self.text(body))
        case "press":
            self = .press(try Self.name("button", body), in: try Place(body), by: try Self.name("person", body))
        case "trouble":
            guard let trouble = PlaygroundTrouble(rawValue: try Self.name("trouble", body)) else {
                let known = PlaygroundTrouble.allCases.map(\.rawValue).joined(separator: ", ")
                throw Fault(reason: "trouble: must be one of \(known)")
            }
            self = .set(trouble, of: try Self.name("messenger", body), try Self.flag("on", body))
        case "agent": self = .agent(isDown: try Self.flag("down", body))
        case "host": self = .host(isRunning: try Self.flag("running", body))
        case "restart": self = .restartHost
        default: throw Fault(reason: "there is no action “\(verb)”")
        }
    }

    fileprivate static func name(_ key: String, _ body: JSONValue) throws(Fault) -> String {
        guard let name = body[key]?.string, !name.isEmpty, name.utf8.count <= longestName else {
            throw Fault(reason: "\(key): must be a string of 1 to \(longestName) bytes")
        }
        return name
    }

    private static func flag(_ key: String, _ body: JSONValue) throws(Fault) -> Bool {
        guard let flag = body[key]?.bool else { throw Fault(reason: "\(key): must be true or false") }
        return flag
    }

    private static func text(_ body: JSONValue) throws(Fault) -> String {
        guard let text = body["text"]?.string, !text.trimmed().isEmpty, text.utf8.count <= longest else {
            throw Fault(reason: "text: must be a string of 1 to \(longest) bytes that is not only space")
        }
        return text
    }

    private static func file(_ body: JSONValue) throws(Fault) -> PlaygroundFile {
        guard let data = body["data"]?.string.flatMap(bytes(fromBase64:)), !data.isEmpty else {
            throw Fault(reason: "data: must be base64 of at least one byte")
        }
        let type = body["mimeType"]?.string ?? ""
        return PlaygroundFile(
            name: try name("name", body),
            mimeType: type.contains("/") ? type : "application/octet-stream",
            bytes: data
        )
    }
}

extension PlaygroundAction.Place {
    fileprivate init(_ body: JSONValue) throws(PlaygroundAction.Fault) {
        messenger = try PlaygroundAction.name("messenger", body)
        chat = try PlaygroundAction.name("chat", body)
    }
}
