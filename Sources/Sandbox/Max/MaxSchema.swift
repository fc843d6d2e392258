import Basics

/// What the MAX Bot API’s schema says about each operation, to hold requests and answers against.
package struct MaxSchema: Sendable {
    struct Operation: Sendable {
        let id: String
        let method: String
        /// Steps of the path; one in braces stands for any.
        let steps: [String]
        let query: [String: JSONValue]
        let required: [String]
        /// The type of the body, if it takes one.
        let body: String?
        let answer: String?
    }

    /// Something that the schema does not allow.
    struct Finding: Hashable, Sendable {
        let text: String
        /// What the server says of it; `nil` when it takes it without a word.
        let refusal: String?

        init(_ path: String, _ problem: String, refusal: String? = "Can't deserialize body") {
            text = "\(path): \(problem)"
            self.refusal = refusal
        }
    }

    private let operations: [Operation]
    private let types: [String: JSONValue]

    /// Reads `max-api.json`.
    package init(_ text: JSONValue) {
        operations = (text["operations"]?.object?.members ?? []).map { Operation(id: $0.key, $0.value) }
        types = Self.table(text["types"])
    }

    static func table(_ object: JSONValue?) -> [String: JSONValue] {
        Dictionary((object?.object?.members ?? []).map { ($0.key, $0.value) }) { first, _ in first }
    }

    /// The operation that a request asks for, the most literal one when several fit.
    func operation(_ method: String, _ path: String) -> Operation? {
        let steps = path.split(separator: "/").map(String.init)
        return operations.filter { $0.method == method && $0.fits(steps) }.max { $0.literals < $1.literals }
    }

    // MARK: Requests

    /// The query’s values in the types that the operation declares.
    func parameters(
        _ query: [(name: String, value: String)],
        of operation: Operation
    ) -> (values: JSONObject, findings: [Finding]) {
        var (values, findings) = (JSONObject(), [Finding]())
        for (name, text) in query {
            let here = "\(operation.id)?\(name)"
            guard let schema = operation.query[name] else {
                findings.append(Finding(here, "unknown parameter", refusal: nil))
                continue
            }
            if values[name] != nil { findings.append(Finding(here, "given twice", refusal: nil)) }
            let value = self.value(text, schema)
            values[name] = value
            findings += self.findings(value, schema, at: here, name: name, isStrict: true)
        }
        for name in operation.required where values[name] == nil {
            findings.append(
                Finding("\(operation.id)?\(name)", "missing", refusal: "Missing required parameter: \(name)")
            )
        }
        return (values, findings)
    }

    func findings(inBody body: JSONValue, of operation: Operation) -> [Finding] {
        guard let type = operation.body else {
            return body == .null ? [] : [Finding(operation.id, "takes no body", refusal: nil)]
        }
        return findings(body, ["ref": .string(type)], at: operation.id, name: "body", isStrict: true)
    }

    private func value(_ text: String, _ schema: JSONValue) -> JSONValue {
        switch kind(of: schema) {
        case "integer": Int64(text).map { JSONValue($0) } ?? .string(text)
        case "boolean": text == "true" ? true : text == "false" ? false : .string(text)
        case "array": .array(text.split(separator: ",").map { value(String($0), schema["items"] ?? [:]) })
        default: .string(text)
        }
    }

    private func kind(of schema: JSONValue) -> String? {
        if let name = schema["ref"]?.string { return types[name]?["schema"].flatMap(kind) }
        return schema["type"]?.string
    }

    // MARK: Values

    /// What of `value` is not as the type `name` wants it; members that it does not know are let pass.
    func findings(_ value: JSONValue, ofType name: String) -> [Finding] {
        findings(value, ["ref": .string(name)], at: name, name: name, isStrict: false)
    }

    /// What of `value` is not as the type `name` wants it, in words.
    package func mistakes(in value: JSONValue, ofType name: String) -> [String] {
        findings(value, ofType: name).map(\.text)
    }

    private func findings(
        _ value: JSONValue,
        _ schema: JSONValue,
        at path: String,
        name: String,
        isStrict: Bool
    ) -> [Finding] {
        if value == .null {
            return schema["nullable"]?.bool == true ? [] : [Finding(path, "must not be null")]
        }
        if let reference = schema["ref"]?.string {
            return named(value, reference, at: path, name: name, isStrict: isStrict)
        }
        if let choices = schema["enum"]?.array, !choices.contains(where: { Self.isSame($0, value) }) {
            return [Finding(path, "is none of \(choices.map(\.text).joined(separator: ", "))")]
        }
        switch schema["type"]?.string {
        case "integer":
            return value.int64.map { limits(Int($0), schema, at: path, name) } ?? [wrong(path, "an integer")]
        case "number": return value.double == nil ? [wrong(path, "a number")] : []
        case "boolean": return value.bool == nil ? [wrong(path, "true or false")] : []
        case "string": return value.string.map { limits($0, schema, at: path, name) } ?? [wrong(path, "a string")]
        case "array": return items(value, schema, at: path, isStrict: isStrict)
        case "object": return members(value, schema, at: path, isStrict: isStrict)
        default: return []
        }
    }

    private func wrong(_ path: String, _ what: String) -> Finding { Finding(path, "must be \(what)") }

    /// `format` is taken in any case.
    private static func isSame(_ choice: JSONValue, _ value: JSONValue) -> Bool {
        choice == value || choice.string != nil && choice.string == value.string?.lowercased()
    }

    private func named(
        _ value: JSONValue,
        _ reference: String,
        at path: String,
        name: String,
        isStrict: Bool
    ) -> [Finding] {
        guard let type = types[reference] else { return [Finding(path, "of the unknown type \(reference)")] }
        if let schema = type["schema"] { return findings(value, schema, at: path, name: name, isStrict: isStrict) }
        guard let object = value.object else { return [wrong(path, "an object")] }
        if let key = type["by"]?.string {
            guard let choice = object[key]?.string, let subtype = type["types"]?[choice]?.string else {
                return isStrict ? [Finding("\(path).\(key)", "is no known kind")] : []
            }
            // A subtype names no subtypes of its own, so this ends.
            return named(value, subtype, at: path, name: name, isStrict: isStrict)
        }
        let fields = Self.table(type["fields"])
        var found: [Finding] = []
        for member in object.members {
            let here = "\(path).\(member.key)"
            if let schema = fields[member.key] {
                found += findings(member.value, schema, at: here, name: member.key, isStrict: isStrict)
            } else if isStrict {
                found.append(Finding(here, "unknown member", refusal: nil))
            }
        }
        for case .string(let key) in type["required"]?.array ?? [] where object[key] == nil {
            found.append(Finding("\(path).\(key)", "missing", refusal: "Missing required parameter: \(key)"))
        }
        return found
    }

    private func items(_ value: JSONValue, _ schema: JSONValue, at path: String, isStrict: Bool) -> [Finding] {
        guard let values = value.array else { return [wrong(path, "an array")] }
        var found: [Finding] = []
        if let least = schema["min_items"]?.int64, values.count < least {
            found.append(wrong(path, "at least \(least)"))
        }
        if let most = schema["max_items"]?.int64, values.count > most { found.append(wrong(path, "at most \(most)")) }
        if schema["unique"]?.bool == true, Set(values).count != values.count { found.append(wrong(path, "distinct")) }
        guard let item = schema["items"] else { return found }
        return found
            + values.enumerated().flatMap { index, value in
                findings(value, item, at: "\(path)[\(index)]", name: "item", isStrict: isStrict)
            }
    }

    private func members(_ value: JSONValue, _ schema: JSONValue, at path: String, isStrict: Bool) -> [Finding] {
        guard let object = value.object else { return [wrong(path, "an object")] }
        guard let values = schema["values"] else { return [] }
        return object.members.flatMap { member in
            findings(member.value, values, at: "\(path).\(member.key)", name: member.key, isStrict: isStrict)
        }
    }
}

extension MaxSchema.Operation {
    init(id: String, _ json: JSONValue) {
        self.id = id
        method = json["method"]?.string ?? "GET"
        steps = (json["path"]?.string ?? "").split(separator: "/").map(String.init)
        query = MaxSchema.table(json["query"])
        required = (json["required"]?.array ?? []).compactMap(\.string)
        body = json["body"]?.string
        answer = json["answer"]?.string
    }

    var literals: Int { steps.count { !$0.hasPrefix("{") } }

    func fits(_ path: [String]) -> Bool {
        path.count == steps.count && zip(steps, path).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }

    /// What stands in place of the steps in braces, by their names.
    func variables(in path: String) -> [String: String] {
        let pairs = zip(steps, path.split(separator: "/").map(String.init)).filter { $0.0.hasPrefix("{") }
        return Dictionary(pairs.map { ($0.0.filter { !"{}".contains($0) }, $0.1) }) { first, _ in first }
    }
}
