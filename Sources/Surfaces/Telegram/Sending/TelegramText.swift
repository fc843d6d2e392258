import SurfaceKit

/// A text as Telegram takes it.
struct TelegramText: Hashable, Sendable {
    /// Telegram’s HTML; the same as ``plain``, escaped, where nothing is marked.
    var html: String
    /// What is left when the server has parsed it: what counts, and what is sent when it cannot parse.
    var plain: String

    /// Characters after parsing.
    ///
    /// The server counts scalars on sends; the edit path is not documented, and UTF-16 code units are never fewer.
    static let mostUnits = 4096
    /// Bytes before parsing, markup included.
    static let mostBytes = 32_768

    init(html: String = "", plain: String = "") {
        self.html = html
        self.plain = plain
    }

    /// `text` as it stands.
    init(escaping text: some StringProtocol) {
        html = text.escapedForHTML
        plain = String(text)
    }

    init(_ text: MessageText) { self = TelegramHTML.text(of: FormattedText(text)) }

    /// Of what people will see.
    static func size(of text: MessageText) -> Int {
        text.format == .plain ? text.source.utf16.count : TelegramText(text).plain.utf16.count
    }

    static func + (left: TelegramText, right: TelegramText) -> TelegramText {
        var sum = left
        sum += right
        return sum
    }

    /// Adds in place: a text of many parts costs no more than its length.
    static func += (left: inout TelegramText, right: TelegramText) {
        left.html += right.html
        left.plain += right.plain
    }

    func within(_ tag: String, _ attributes: String = "") -> TelegramText {
        TelegramText(html: "<\(tag)\(attributes)>\(html)</\(tag)>", plain: plain)
    }
}

extension Sequence<TelegramText> {
    func joined(separator: String = "") -> TelegramText {
        var result = TelegramText()
        for (position, text) in enumerated() {
            if position > 0 { result += TelegramText(html: separator, plain: separator) }
            result += text
        }
        return result
    }
}
