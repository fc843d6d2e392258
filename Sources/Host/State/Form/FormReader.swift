import Basics

/// A place in a stored value, while it is read; every complaint names it.
package struct FormReader {
    let version: FormVersion
    private let value: JSONValue
    private let name: String
    private let path: JSONPath

    /// Begins at the outermost object, which says its version.
    init(_ value: JSONValue, of name: String) throws(StoredFormError) {
        let start = Self(version: .newest, value: value, name: name, path: .root)
        guard value.object != nil else { throw start.error(.expected("an object")) }
        let version: FormVersion?
        switch value[FormVersion.key] {
        case nil: version = .first
        // The first form did not say its version.
        case let number?: version = number.int64.flatMap(FormVersion.init).flatMap { $0 == .first ? nil : $0 }
        }
        guard let version else { throw start.error(.unknownVersion, at: FormVersion.key) }
        self.init(version: version, value: value, name: name, path: .root)
    }

    private init(version: FormVersion, value: JSONValue, name: String, path: JSONPath) {
        self.version = version
        self.value = value
        self.name = name
        self.path = path
    }

    // MARK: Members

    /// The member `key`; `nil` when it is missing or `null`.
    func optional(_ key: String) throws(StoredFormError) -> FormReader? {
        guard value.object != nil else { throw error(.expected("an object")) }
        return value[key].map { FormReader(version: version, value: $0, name: name, path: path[key]) }
    }

    func member(_ key: String) throws(StoredFormError) -> FormReader {
        guard let member = try optional(key) else { throw error(.missing, at: key) }
        return member
    }

    func elements() throws(StoredFormError) -> [FormReader] {
        guard let elements = value.array else { throw error(.expected("a list")) }
        return elements.enumerated().map { index, element in
            FormReader(version: version, value: element, name: name, path: path[index])
        }
    }

    /// The one of `keys` that is there, and its value: how the cases of an enum are told apart.
    func oneCase(of keys: [String]) throws(StoredFormError) -> (key: String, payload: FormReader) {
        var found: [(key: String, payload: FormReader)] = []
        for key in keys {
            if let payload = try optional(key) { found.append((key: key, payload: payload)) }
        }
        guard let only = found.first, found.count == 1 else {
            throw error(.expected("one of " + keys.joined(separator: ", ")))
        }
        return version == .first ? (only.key, try only.payload.member("_0")) : only
    }

    // MARK: Values

    func text() throws(StoredFormError) -> String {
        guard let text = value.string else { throw error(.expected("a text")) }
        return text
    }

    func flag() throws(StoredFormError) -> Bool {
        guard let flag = value.bool else { throw error(.expected("true or false")) }
        return flag
    }

    /// A whole number in the range of `Number`.
    func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) throws(StoredFormError) -> Number {
        guard let number = value.int64.flatMap({ Number(exactly: $0) }) else {
            throw error(.expected("a whole number of \(Number.bitWidth) bits"))
        }
        return number
    }

    func word<Word: StoredWord>(_ type: Word.Type = Word.self) throws(StoredFormError) -> Word {
        guard let word = Word.allCases.first(where: { $0.word == value.string }) else { throw error(.unknownWord) }
        return word
    }

    func filePath() throws(StoredFormError) -> StoredPath {
        guard let path = StoredPath(try text()) else { throw error(.outside) }
        return path
    }

    func bytes() throws(StoredFormError) -> [UInt8] {
        switch version {
        case .first:
            guard let numbers = value.array else { throw error(.expected("a list of bytes")) }
            let bytes = numbers.compactMap { $0.int64.flatMap { UInt8(exactly: $0) } }
            guard bytes.count == numbers.count else { throw error(.expected("a list of bytes")) }
            return bytes
        case .second:
            guard let bytes = StoredBytes.read(try text()) else { throw error(.expected("base64")) }
            return bytes
        }
    }

    func error(_ fault: StoredFormError.Fault, at key: String? = nil) -> StoredFormError {
        StoredFormError(value: name, field: (key.map { path[$0] } ?? path).description, fault: fault)
    }
}

extension FormReader {
    func text(_ key: String) throws(StoredFormError) -> String { try member(key).text() }

    func optionalText(_ key: String) throws(StoredFormError) -> String? { try optional(key)?.text() }

    func word<Word: StoredWord>(_ key: String) throws(StoredFormError) -> Word { try member(key).word() }
}
