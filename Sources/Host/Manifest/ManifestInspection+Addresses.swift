import Basics

// Values that are URLs. No message repeats one: people write passwords into them.
extension ManifestInspection {
    private static let webSchemes = ["http", "https"]

    package mutating func address(_ value: JSONValue, _ schemes: [String], at path: JSONPath) -> ManifestValue? {
        guard let text = text(value, at: path), let address = address(text, schemes, at: path) else { return nil }
        if address.query != nil || address.fragment != nil {
            report(path, "must have no query and no fragment", hint: "end it before the ? or #")
            return nil
        }
        var end = text[...]
        while end.hasSuffix("/") { end.removeLast() }
        return .text(String(end))
    }

    /// An address as written, or that of a variable; absent when the variable is.
    package mutating func agentAddress(_ value: JSONValue, at path: JSONPath) -> ManifestValue? {
        guard value.object != nil else {
            guard let text = text(value, at: path) else { return nil }
            return agentAddress(text, from: nil, at: path).map { .text($0) }
        }
        let fields = [ManifestField("env", .text, required: true, summary: "The variable that holds it.")]
        guard let name = section(value, fields, at: path).text("env"), let text = environment[name], !text.isEmpty
        else {
            return nil
        }
        return agentAddress(text, from: Self.told(name), at: path).map { .text($0) }
    }

    /// - Parameter source: The variable that gave it, for the message.
    package mutating func agentAddress(_ text: String, from source: String?, at path: JSONPath) -> String? {
        let source = source.map { "\($0) " } ?? ""
        guard let address = address(text, Self.webSchemes, from: source, at: path) else { return nil }
        if address.fragment != nil {
            report(path, "\(source)must have no fragment", hint: "end it before the #")
            return nil
        }
        return text
    }

    package mutating func agentPath(_ value: JSONValue, at path: JSONPath) -> ManifestValue? {
        guard let text = text(value, at: path) else { return nil }
        if (try? WebAddress("http://h/\(text)", schemes: ["http"]))?.path.utf8.count == text.utf8.count + 1 {
            return .text(text)
        }
        report(path, "must be the path of a URL, without query and fragment", hint: "write \"/agent\"")
        return nil
    }

    /// A proxy’s address; with user and password only as a secret.
    package mutating func proxy(_ value: JSONValue, at path: JSONPath) -> ManifestValue? {
        let schemes = ["http", "https", "socks5h"]
        if value.object == nil {
            guard let text = text(value, at: path), address(text, schemes, at: path) != nil else { return nil }
            return .secret(Secret(text))
        }
        guard let value = secret(value, at: path) else { return nil }
        guard case .secret(let secret) = value else { return value }
        let address = address(secret.exposed, schemes, allowsCredentials: true, from: "the secret ", at: path)
        return address == nil ? nil : value
    }

    private mutating func address(
        _ text: String,
        _ schemes: [String],
        allowsCredentials: Bool = false,
        from source: String = "",
        at path: JSONPath
    ) -> WebAddress? {
        do {
            let address = try WebAddress(text, schemes: schemes)
            if allowsCredentials || address.credentials == nil { return address }
            report(path, "\(source)must hold no user and password")
        } catch {
            report(path, "\(source)\(error.message)", hint: error.hint)
        }
        return nil
    }
}
