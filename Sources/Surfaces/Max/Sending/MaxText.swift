import SurfaceKit

/// A text as MAX takes it.
struct MaxText: Hashable, Sendable {
    /// MAX’s HTML; the same as ``plain``, escaped, where nothing is marked.
    var html: String
    /// The characters alone.
    var plain: String
    /// Whether anything is marked.
    var isMarked: Bool

    /// Of the field `text`, markup included: it is measured before it is parsed.
    ///
    /// "Characters" to the documentation; UTF-16 code units are never fewer.
    static let mostUnits = 4000

    init(html: String = "", plain: String = "", isMarked: Bool = false) {
        self.html = html
        self.plain = plain
        self.isMarked = isMarked
    }

    /// `text` as it stands.
    init(escaping text: some StringProtocol) {
        self.init(html: text.escapedForHTML, plain: String(text))
    }

    init(_ text: MessageText) {
        self = text.format == .plain ? MaxText(escaping: text.source) : MaxHTML.text(of: FormattedText(text))
    }

    /// Of what is sent.
    static func size(of text: MessageText) -> Int {
        if text.format == .plain { return text.source.utf16.count }
        let text = MaxText(text)
        return (text.isMarked ? text.html : text.plain).utf16.count
    }

    static func + (left: MaxText, right: MaxText) -> MaxText {
        var sum = left
        sum += right
        return sum
    }

    /// Adds in place: a text of many parts costs no more than its length.
    static func += (left: inout MaxText, right: MaxText) {
        left.html += right.html
        left.plain += right.plain
        left.isMarked = left.isMarked || right.isMarked
    }

    func within(_ tag: String, _ attributes: String = "") -> MaxText {
        guard !plain.isEmpty else { return self }
        return MaxText(html: "<\(tag)\(attributes)>\(html)</\(tag)>", plain: plain, isMarked: true)
    }
}

extension Sequence<MaxText> {
    func joined(separator: String = "") -> MaxText {
        var result = MaxText()
        for (position, text) in enumerated() {
            if position > 0 { result += MaxText(escaping: separator) }
            result += text
        }
        return result
    }
}

extension MaxText {
    /// Each line behind `prefix`; marks must not go over a line’s end.
    func prefixed(_ prefix: String) -> MaxText {
        let lead = prefix.escapedForHTML
        return MaxText(
            html: lead + html.replacing("\n", with: "\n\(lead)"),
            plain: prefix + plain.replacing("\n", with: "\n\(prefix)"),
            isMarked: isMarked
        )
    }
}
