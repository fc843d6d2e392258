import Basics

// Values that name something outside of the manifest: variables, files, secrets.
extension ManifestInspection {
    /// Largest secret, and largest file that an option names, in bytes.
    private static let (secretLimit, fileLimit) = (65_536, 1 << 20)

    package mutating func filePath(_ value: JSONValue, at path: JSONPath) -> String? {
        guard let text = text(value, at: path) else { return nil }
        if text.hasPrefix("~") {
            report(path, "must not begin with ~, which only a shell understands", hint: "write the whole path")
            return nil
        }
        return text.hasPrefix("/") ? text : "\(folder == "/" ? "" : folder)/\(text)"
    }

    package mutating func file(_ value: JSONValue, at path: JSONPath) -> ManifestValue? {
        guard let file = filePath(value, at: path) else { return nil }
        do {
            consult(try contents(ofSmallFile: file, limit: Self.fileLimit))
            return .text(file)
        } catch {
            report(path, "\(error): \(file)")
            return nil
        }
    }

    /// A secret, from where the manifest says that it is.
    package mutating func secret(_ value: JSONValue, at path: JSONPath) -> ManifestValue? {
        guard value.object != nil else {
            let isText = value.string != nil
            report(
                path,
                isText ? "a secret must not stand in the manifest" : "must be an object, not \(value.typeName)",
                hint: "write {\"env\": \"NAME\"} or {\"file\": \"PATH\"}\(isText ? ", and replace the secret" : "")"
            )
            return nil
        }
        let fields = [
            ManifestField("env", .text, summary: "The variable that holds it."),
            ManifestField("file", .path, summary: "The file that holds it."),
        ]
        let before = mistakeCount
        let place = section(value, fields, at: path)
        guard mistakeCount == before else { return nil }
        switch (place.text("env"), place.text("file")) {
        case (let name?, nil): return variable(name, at: path)
        case (nil, let file?): return secretFile(file, at: path)
        default:
            report(path, "must have either \"env\" or \"file\"")
            return nil
        }
    }

    /// The variable’s name is told only when it looks like one: people paste secrets here, too.
    package static func told(_ name: String) -> String {
        let looksLikeOne =
            name.utf8.count <= 64 && name.utf8.allSatisfy { isASCIIWordByte($0) && !(97...122).contains($0) }
        return looksLikeOne ? "the variable \(name)" : "the variable"
    }

    /// Like ``told(_:)``: a file’s name is told when it has an ending, and when it stands in a folder of its own.
    private func told(file: String) -> String {
        let name = file.hasPrefix("\(folder)/") ? file.dropFirst(folder.count + 1) : file[...]
        return name.utf8.count <= 64 && name.contains { $0 == "/" || $0 == "." } ? ": \(file)" : ""
    }

    private mutating func variable(_ name: String, at path: JSONPath) -> ManifestValue? {
        guard let text = environment[name], !text.isEmpty else {
            let state = environment[name] == nil ? "not set" : "empty"
            return missing(
                "\(Self.told(name)) is \(state)",
                hint: "\"env\" is a variable’s name, not its value",
                at: path
            )
        }
        return checked(text, at: path)
    }

    private mutating func secretFile(_ file: String, at path: JSONPath) -> ManifestValue? {
        do {
            var bytes = try contents(ofSmallFile: file, limit: Self.secretLimit)
            if bytes.last == 0x0A { bytes.removeLast() }
            if bytes.last == 0x0D { bytes.removeLast() }
            guard !bytes.isEmpty else { return missing("the file is empty", at: path) }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                report(path, "the file is not UTF-8 text")
                return nil
            }
            return checked(text, at: path)
        } catch {
            return missing("\(error)\(told(file: file))", at: path)
        }
    }

    private mutating func missing(_ message: String, hint: String? = nil, at path: JSONPath) -> ManifestValue? {
        if secretsMayBeMissing { return .missingSecret }
        report(path, message, hint: hint)
        return nil
    }

    private mutating func checked(_ text: String, at path: JSONPath) -> ManifestValue? {
        // It goes into headers: a line feed in it would begin another one.
        if text.hasControlCharacters {
            report(path, "the secret holds a line end or another control character")
            return nil
        }
        consult(Array(text.utf8))
        return .secret(Secret(text))
    }

    private mutating func consult(_ bytes: [UInt8]) {
        consulted += Array("\(bytes.count):".utf8) + bytes
    }
}
