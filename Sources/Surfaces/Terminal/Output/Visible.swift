/// Takes from a text what a terminal would obey instead of showing it.
enum Visible {
    /// Control characters become their pictures, tabs four spaces; line feeds stay.
    static func text(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isControl($0) && $0 != "\n" }) else { return text }
        var visible = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": visible.append(scalar)
            case "\t": visible.append(contentsOf: "    ".unicodeScalars)
            case _ where isControl(scalar): visible.append(picture(of: scalar))
            default: visible.append(scalar)
            }
        }
        return String(visible)
    }

    /// Whether a line looks as it is, without tabs and control characters.
    static func isVisible(_ line: String) -> Bool { !line.unicodeScalars.contains(where: isControl) }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
    }

    private static func picture(of scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
        case 0x7F: "\u{2421}"
        default: "\u{FFFD}"
        }
    }
}
