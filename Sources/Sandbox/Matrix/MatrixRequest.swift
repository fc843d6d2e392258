import Basics
import HTTP

/// A request that a homeserver understood, and who makes it.
struct MatrixRequest: Sendable {
    let route: MatrixRoute
    /// What stands in the path, by name.
    let parameters: [String: String]
    let query: [(name: String, value: String)]
    /// The JSON of the body; an empty object when there is none.
    let body: JSONObject
    /// The body as it came.
    let bytes: [UInt8]
    let contentType: String?
    /// Who asks; empty for requests that need nobody.
    var user = ""
    var device = ""

    func parameter(_ name: String) -> String { parameters[name] ?? "" }

    func query(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// What a fault may look for.
    var text: String { parameters.values.joined(separator: " ") + " " + JSONValue.object(body).text }
}

// MARK: - Strictness

extension MatrixRequest {
    /// What the client should not have sent, though a homeserver takes some of it.
    func violations(_ request: HTTPServerRequest) -> [String] {
        let name = route.endpoint.rawValue
        var wrong = query.flatMap { item -> [String] in
            guard let field = route.query.first(where: { $0.name == item.name }) else {
                return ["\(name)?\(item.name): unknown parameter"]
            }
            return field.shape.violations(of: Self.value(item.value, field.shape), at: "\(name)?\(item.name)")
        }
        for field in route.query where field.isRequired && query(field.name) == nil {
            wrong.append("\(name)?\(field.name): missing")
        }
        if let shape = route.body {
            wrong += shape.violations(of: .object(body), at: name)
            if let contentType, !contentType.hasPrefix("application/json") {
                wrong.append("\(name): the body is JSON, not \(contentType)")
            }
        } else if !request.body.isEmpty, route.endpoint != .upload {
            wrong.append("\(name): has no body")
        }
        return wrong + identifierViolations + contentViolations
    }

    private static func value(_ text: String, _ shape: MatrixShape) -> JSONValue {
        switch shape {
        case .integer: Int64(text).map { JSONValue($0) } ?? .string(text)
        case .boolean: ["true", "false"].contains(text) ? .bool(text == "true") : .string(text)
        default: .string(text)
        }
    }

    private var identifierViolations: [String] {
        let sigils = ["user": "@", "room": "!", "event": "$"]
        return parameters.compactMap { name, value in
            guard let sigil = sigils[name] else { return nil }
            if MatrixShape.isIdentifier(value, sigil) { return nil }
            // Only a join takes an alias.
            if name == "room", route.endpoint == .join, MatrixShape.isIdentifier(value, "#") { return nil }
            return "\(route.endpoint.rawValue): \(name) must be an identifier with \(sigil)"
        }
    }

    private var contentViolations: [String] {
        let content = JSONValue.object(body)
        switch (route.endpoint, parameter("type")) {
        case (.send, "m.room.message"):
            return MatrixShape.message.violations(of: content, at: "m.room.message") + Self.contradictions(in: content)
        case (.setAccountData, "m.direct"): return MatrixShape.direct.violations(of: content, at: "m.direct")
        case (.typing, _):
            guard body["typing"]?.bool == true, body["timeout"] == nil else { return [] }
            return ["typing.timeout: missing"]
        default: return []
        }
    }

    private static func contradictions(in content: JSONValue) -> [String] {
        var wrong: [String] = []
        if (content["format"] == nil) != (content["formatted_body"] == nil) {
            wrong.append("m.room.message: format and formatted_body go together")
        }
        let relation = content["m.relates_to"]
        if (relation?["rel_type"] == nil) != (relation?["event_id"] == nil) {
            wrong.append("m.room.message: rel_type and event_id go together")
        }
        if (relation?["rel_type"]?.string == "m.replace") != (content["m.new_content"] != nil) {
            wrong.append("m.room.message: m.replace and m.new_content go together")
        }
        if relation?["rel_type"]?.string == "m.replace", relation?["m.in_reply_to"] != nil {
            wrong.append("m.room.message: an edit answers nothing")
        }
        if let kind = content["msgtype"]?.string, ["m.image", "m.file", "m.audio", "m.video"].contains(kind),
            content["url"] == nil, content["file"] == nil
        {
            wrong.append("m.room.message: a file needs an address")
        }
        return wrong
    }
}
