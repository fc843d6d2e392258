import Basics
import HTTP

// One value at a time: is it what its form asks for?
extension ManifestInspection {
    /// - Returns: `nil` when there is a mistake, or when the value counts as absent.
    package mutating func value(_ value: JSONValue, as form: ManifestForm, at path: JSONPath) -> ManifestValue? {
        switch form {
        case .text: text(value, at: path).map { .text($0) }
        case .choice(let choices): choice(value, choices, at: path)
        case .integer(let range): integer(value, range, at: path)
        case .number(let range): number(value, range, at: path)
        case .boolean: boolean(value, at: path)
        case .identifier: identifier(value, at: path)
        case .address(let schemes): address(value, schemes, at: path)
        case .agentAddress: agentAddress(value, at: path)
        case .agentPath: agentPath(value, at: path)
        case .secret: secret(value, at: path)
        case .proxy: proxy(value, at: path)
        case .path: filePath(value, at: path).map { .text($0) }
        case .file: file(value, at: path)
        case .listener: listener(value, at: path)
        case .list(let form): list(value, form, at: path)
        case .section(let fields): .section(section(value, fields, at: path))
        case .surfaces, .options: .raw(value)
        }
    }

    package mutating func text(_ value: JSONValue, at path: JSONPath) -> String? {
        guard case .string(let text) = value else {
            wrongType(value, "a string", at: path)
            return nil
        }
        if text.isEmpty {
            report(path, "must not be empty")
        } else if text.hasControlCharacters {
            report(path, "must hold no control characters")
        } else {
            return text
        }
        return nil
    }

    private mutating func choice(_ value: JSONValue, _ choices: [String], at path: JSONPath) -> ManifestValue? {
        guard let text = text(value, at: path) else { return nil }
        if choices.contains(text) { return .text(text) }
        let list = choices.map { "\"\($0)\"" }.joined(separator: ", ")
        report(
            path,
            "must be one of \(list)",
            hint: suggestion(for: text, among: choices).map { "did you mean \"\($0)\"?" }
        )
        return nil
    }

    private mutating func integer(_ value: JSONValue, _ range: ClosedRange<Int>, at path: JSONPath) -> ManifestValue? {
        guard case .number(let number) = value else {
            wrongType(value, "a whole number", at: path)
            return nil
        }
        if let integer = number.int64, let integer = Int(exactly: integer), range.contains(integer) {
            return .integer(integer)
        }
        let all = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        report(path, "must be \(range.count == 1 ? "\(range.lowerBound)" : all)")
        return nil
    }

    private mutating func number(
        _ value: JSONValue,
        _ range: ClosedRange<Double>,
        at path: JSONPath
    ) -> ManifestValue? {
        guard let number = value.double else {
            wrongType(value, "a number", at: path)
            return nil
        }
        if range.contains(number) { return .number(number) }
        let bounds = [range.lowerBound, range.upperBound].map { JSONNumber($0).int64.map(String.init) ?? String($0) }
        report(path, "must be a number from \(bounds[0]) to \(bounds[1])")
        return nil
    }

    private mutating func boolean(_ value: JSONValue, at path: JSONPath) -> ManifestValue? {
        if let boolean = value.bool { return .boolean(boolean) }
        wrongType(value, "true or false", at: path)
        return nil
    }

    private mutating func identifier(_ value: JSONValue, at path: JSONPath) -> ManifestValue? {
        guard let text = text(value, at: path) else { return nil }
        let isRight = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
        if isRight, text.utf8.count <= 32 { return .text(text) }
        report(path, "must be 1 to 32 of a-z, 0-9 and -")
        return nil
    }

    private mutating func listener(_ value: JSONValue, at path: JSONPath) -> ManifestValue? {
        guard let text = text(value, at: path) else { return nil }
        if let address = SocketAddress(text) { return .listener(address) }
        report(
            path,
            "must be an IP address and a port",
            hint: "write \"127.0.0.1:8080\", or \"0.0.0.0:8080\" to listen on every network"
        )
        return nil
    }

    private mutating func list(_ value: JSONValue, _ form: ManifestForm, at path: JSONPath) -> ManifestValue? {
        guard let elements = value.array else {
            wrongType(value, "an array", at: path)
            return nil
        }
        var values: [ManifestValue] = []
        for (index, element) in elements.enumerated() {
            if let value = self.value(element, as: form, at: path[index]) { values.append(value) }
        }
        return values.count == elements.count ? .list(values) : nil
    }

    private mutating func wrongType(_ value: JSONValue, _ expected: String, at path: JSONPath) {
        let wantsText = expected == "a string"
        let hint: String? =
            switch value {
            case .null: "leave the key out"
            case .number where wantsText: "write it in double quotes"
            case .string(let text) where Double(text) != nil && expected.hasSuffix("number"): "write it without quotes"
            case .string("true"), .string("false"): "write it without quotes"
            case .string where expected == "an array": "write [\"…\"]"
            default: nil
            }
        report(path, "must be \(expected), not \(value.typeName)", hint: hint)
    }
}

extension String {
    /// Whether it holds one of U+0000 to U+001F or U+007F.
    package var hasControlCharacters: Bool { utf8.contains { $0 < 0x20 || $0 == 0x7F } }
}
