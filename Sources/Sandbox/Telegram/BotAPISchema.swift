import Basics

/// What the Bot API’s documentation says about each method’s parameters, to hold requests against.
package struct BotAPISchema: Sendable {
    private let methods: [String: JSONValue]
    private let types: [String: JSONValue]

    /// Reads `bot-api.json`.
    package init(_ text: JSONValue) {
        func table(_ key: String) -> [String: JSONValue] {
            let members = text[key]?.object?.members ?? []
            return Dictionary(members.map { ($0.key, $0.value) }) { first, _ in first }
        }
        methods = table("methods")
        types = table("types")
    }

    /// The documented spelling of a method, which servers take in any case.
    func method(called name: String) -> String? {
        methods[name] != nil ? name : methods.keys.first { $0.lowercased() == name.lowercased() }
    }

    /// What is wrong with a call; empty when nothing is.
    ///
    /// - Parameter files: Names of the parts that were uploaded.
    func violations(of method: String, _ parameters: JSONObject, files: Set<String>) -> [String] {
        guard let fields = methods[method]?["fields"]?.array else { return ["\(method): unknown method"] }
        return check(.object(parameters), fields, at: method, files)
    }

    // MARK: Types

    private func check(_ object: JSONValue, _ fields: [JSONValue], at path: String, _ files: Set<String>) -> [String] {
        guard let members = object.object?.members else { return ["\(path): must be an object"] }
        var wrong: [String] = []
        for member in members {
            let here = "\(path).\(member.key)"
            guard let field = fields.first(where: { $0["name"]?.string == member.key }) else {
                wrong.append("\(here): unknown parameter")
                continue
            }
            wrong += check(member.value, field, at: here, files)
        }
        let given = Set(members.map(\.key)).union(files)
        for field in fields where field["required"]?.bool == true {
            guard let name = field["name"]?.string, !given.contains(name) else { continue }
            wrong.append("\(path).\(name): missing")
        }
        return wrong
    }

    private func check(_ value: JSONValue, _ field: JSONValue, at path: String, _ files: Set<String>) -> [String] {
        let names = (field["types"]?.array ?? []).compactMap(\.string)
        let attempts = names.map { check(value, type: $0, at: path, files) }
        guard let best = attempts.min(by: { $0.count < $1.count }) else { return [] }
        return best.isEmpty ? limits(value, field["constraint"], at: path) : best
    }

    private func check(_ value: JSONValue, type: String, at path: String, _ files: Set<String>) -> [String] {
        if type.hasPrefix("Array of ") {
            guard let values = value.array else { return ["\(path): must be an array"] }
            let inner = String(type.dropFirst("Array of ".count))
            return values.enumerated().flatMap { check($1, type: inner, at: "\(path)[\($0)]", files) }
        }
        switch type {
        case "Integer": return value.int64 == nil ? ["\(path): must be an integer"] : []
        case "Float": return value.double == nil ? ["\(path): must be a number"] : []
        case "String", "InputFile": return attachment(value, at: path, files)
        case "Boolean", "True": return value.bool == nil ? ["\(path): must be true or false"] : []
        default: return checkNamed(value, type: type, at: path, files)
        }
    }

    private func checkNamed(_ value: JSONValue, type: String, at path: String, _ files: Set<String>) -> [String] {
        guard let known = types[type] else { return [] }
        if let fields = known["fields"]?.array { return check(value, fields, at: path, files) }
        let names = (known["subtypes"]?.array ?? []).compactMap(\.string)
        return names.map { check(value, type: $0, at: path, files) }.min { $0.count < $1.count } ?? []
    }

    private func attachment(_ value: JSONValue, at path: String, _ files: Set<String>) -> [String] {
        guard let text = value.string else { return ["\(path): must be a string"] }
        guard text.hasPrefix("attach://"), !files.contains(String(text.dropFirst("attach://".count))) else { return [] }
        return ["\(path): no part is called so"]
    }

    // MARK: Limits

    private func limits(_ value: JSONValue, _ constraint: JSONValue?, at path: String) -> [String] {
        guard let constraint else { return [] }
        var wrong: [String] = []
        if let only = constraint["const"]?.string, value.string != only { wrong.append("\(path): must be \(only)") }
        if let allowed = constraint["enum"]?.array, !allowed.contains(value) { wrong.append("\(path): not a choice") }
        if let allowed = constraint["item_enum"]?.array {
            wrong += (value.array ?? []).filter { !allowed.contains($0) }.map { "\(path): \($0.text) is not a choice" }
        }
        if let most = constraint["max_items"]?.int64, value.array?.count ?? 0 > most {
            wrong.append("\(path): more than \(most)")
        }
        if let not = constraint["not_equal"], value == not { wrong.append("\(path): must not be \(not.text)") }
        if let number = value.int64 {
            if let least = constraint["min"]?.int64, number < least { wrong.append("\(path): less than \(least)") }
            if let most = constraint["max"]?.int64, number > most { wrong.append("\(path): more than \(most)") }
        }
        // Texts are counted after parsing: the server does.
        if constraint["counted"] == nil, let most = constraint["max_chars"]?.int64,
            value.string?.unicodeScalars.count ?? 0 > most
        {
            wrong.append("\(path): longer than \(most)")
        }
        return wrong
    }
}
