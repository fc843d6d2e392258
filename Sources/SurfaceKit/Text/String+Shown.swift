extension String {
    /// Whether a person sees anything of it: more than white space, control and invisible characters.
    package var showsSomething: Bool {
        unicodeScalars.contains { scalar in
            let properties = scalar.properties
            // The blank Braille pattern counts as a symbol but has no ink.
            return !properties.isWhitespace && !properties.isDefaultIgnorableCodePoint
                && properties.generalCategory != .control && scalar != "\u{2800}"
        }
    }

    /// Its lines without their ends, `\n` or `\r\n`.
    var lines: [String] {
        utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            String(Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
        }
    }
}
