import Basics

/// Checks a manifest against its forms and collects every mistake.
package struct ManifestInspection {
    package let document: JSONDocument
    /// Absolute path of the folder that relative paths start from.
    package let folder: String
    package let environment: [String: String]
    /// Whether a secret may lack its variable or file: on a surface that is switched off.
    package var secretsMayBeMissing = false
    /// The content of every secret and file that was read, each preceded by its length.
    package var consulted: [UInt8] = []

    private var found: [(position: JSONPosition, mistake: ManifestMistake)] = []

    package init(document: JSONDocument, folder: String, environment: [String: String]) {
        self.document = document
        self.folder = folder
        self.environment = environment
        for repeated in document.repeatedKeys {
            report(repeated.path, "the key is repeated", hint: "keep one of them", at: repeated.position)
        }
    }

    /// In the order of the file’s lines.
    package var mistakes: [ManifestMistake] {
        found.sorted { ($0.position.line, $0.position.column) < ($1.position.line, $1.position.column) }.map(\.mistake)
    }

    /// - Parameter position: Where it stands, when that is not the first key or value at `path`.
    package mutating func report(
        _ path: JSONPath,
        _ message: String,
        hint: String? = nil,
        at position: JSONPosition? = nil
    ) {
        let position = position ?? place(path)
        found.append((position, ManifestMistake(path: path, line: position.line, message: message, hint: hint)))
    }

    package var mistakeCount: Int { found.count }

    package func hasMistake(at path: JSONPath) -> Bool { found.contains { $0.mistake.path == path } }

    /// Checks an object against the keys that it may have.
    package mutating func section(_ value: JSONValue, _ fields: [ManifestField], at path: JSONPath) -> ManifestSection {
        guard let object = value.object else {
            report(path, "must be an object, not \(value.typeName)", hint: "write { … }")
            return ManifestSection()
        }
        let known = fields.map(\.key)
        var seen: Set<String> = []
        for member in object.members where !known.contains(member.key) && seen.insert(member.key).inserted {
            report(path[member.key], "unknown key", hint: Self.hint(for: member.key, among: known, of: "keys"))
        }
        var values: [String: ManifestValue] = [:]
        for field in fields {
            if let given = object[field.key] ?? field.fallback {
                values[field.key] = self.value(given, as: field.form, at: path[field.key])
            } else if field.required {
                report(path[field.key], "is missing", hint: Self.example(of: field))
            }
        }
        return ManifestSection(values)
    }

    /// What somebody who wrote `word` may have meant, or all there is to choose from.
    package static func hint(for word: String, among known: [String], of what: String) -> String {
        if let nearest = suggestion(for: word, among: known) { return "did you mean \"\(nearest)\"?" }
        return "known \(what): \(known.map { "\"\($0)\"" }.joined(separator: ", "))"
    }

    private static func example(of field: ManifestField) -> String {
        switch field.form {
        case .secret: "write \"\(field.key)\": {\"env\": \"NAME\"} or {\"file\": \"PATH\"}"
        case .integer(let range): "write \"\(field.key)\": \(range.lowerBound)"
        case .surfaces: "write \"\(field.key)\": [ … ]"
        default: "write \"\(field.key)\": \"…\""
        }
    }

    /// Where `path` stands, or else the nearest thing around it.
    private func place(_ path: JSONPath) -> JSONPosition {
        if let position = document.keyPosition(of: path) ?? document.position(of: path) { return position }
        return path.parent.map(place) ?? JSONPosition(line: 1, column: 1)
    }
}

extension JSONValue {
    /// What it is, for a sentence.
    package var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string, .unpaired: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
