import Basics
import SurfaceKit

/// The JSON Schema (draft 7) of the manifest, for editors.
package enum ManifestSchema {
    /// As it is kept in `docs/surfaces.schema.json`.
    ///
    /// The options of a kind stand on one line, so that a new kind adds just that.
    package static func text(_ catalog: SurfaceCatalog) -> String { schema(catalog).indentedText { $0["if"] != nil } }

    package static func schema(_ catalog: SurfaceCatalog) -> JSONValue {
        var root = object(ManifestFields.root, catalog)
        root["$schema"] = "http://json-schema.org/draft-07/schema#"
        root["title"] = "Manifest of surfaces"
        return .object(root)
    }

    private static func object(_ fields: [ManifestField], _ catalog: SurfaceCatalog) -> JSONObject {
        var properties = JSONObject()
        for field in fields { properties[field.key] = .object(property(field, catalog)) }
        var object = JSONObject([.init(key: "type", value: "object")])
        object["properties"] = .object(properties)
        let required = fields.filter(\.required).map { JSONValue.string($0.key) }
        if !required.isEmpty { object["required"] = .array(required) }
        object["additionalProperties"] = false
        return object
    }

    private static func property(_ field: ManifestField, _ catalog: SurfaceCatalog) -> JSONObject {
        var property = JSONObject([.init(key: "description", value: .string(field.summary))])
        for member in form(field.form, catalog).members { property[member.key] = member.value }
        // Of a section its own keys have defaults.
        if let fallback = field.fallback, fallback != [:] { property["default"] = fallback }
        if case .text = field.form, field.key == "kind" { property["enum"] = .array(catalog.kinds.map { .string($0) }) }
        return property
    }

    private static func form(_ form: ManifestForm, _ catalog: SurfaceCatalog) -> JSONObject {
        let schema: JSONValue =
            switch form {
            case .text, .path, .file, .agentPath: ["type": "string", "minLength": 1]
            case .choice(let choices): ["enum": .array(choices.map { .string($0) })]
            case .integer(let range) where range.count == 1: ["const": JSONValue(range.lowerBound)]
            case .integer(let range):
                ["type": "integer", "minimum": JSONValue(range.lowerBound), "maximum": JSONValue(range.upperBound)]
            case .number(let range):
                [
                    "type": "number", "minimum": .number(JSONNumber(range.lowerBound)),
                    "maximum": .number(JSONNumber(range.upperBound)),
                ]
            case .boolean: ["type": "boolean"]
            case .identifier: ["type": "string", "pattern": "^[a-z0-9-]{1,32}$"]
            case .address(let schemes): address(schemes)
            case .agentAddress: ["oneOf": [address(["http", "https"]), reference("env")]]
            case .secret: ["oneOf": [reference("env"), reference("file")]]
            case .proxy: ["oneOf": [address(["http", "https", "socks5h"]), reference("env"), reference("file")]]
            case .listener: ["type": "string", "pattern": "^([0-9.]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}$"]
            case .list(let element): ["type": "array", "items": .object(self.form(element, catalog))]
            case .section(let fields): .object(object(fields, catalog))
            case .surfaces: ["type": "array", "items": .object(surface(catalog))]
            case .options: ["type": "object"]
            }
        return schema.object ?? JSONObject()
    }

    /// An entry of `surfaces`, whose options depend on its kind.
    private static func surface(_ catalog: SurfaceCatalog) -> JSONObject {
        var entry = object(ManifestFields.surface, catalog)
        let kinds: [JSONValue] = catalog.entries.map { kind in
            let condition: JSONValue = [
                "properties": ["kind": ["const": .string(kind.kind.rawValue)]], "required": ["kind"],
            ]
            var then = JSONObject([.init(key: "properties", value: ["options": .object(object(kind.fields, catalog))])])
            if kind.fields.contains(where: \.required) { then["required"] = ["options"] }
            return ["if": condition, "then": .object(then)]
        }
        if !kinds.isEmpty { entry["allOf"] = .array(kinds) }
        return entry
    }

    private static func address(_ schemes: [String]) -> JSONValue {
        ["type": "string", "pattern": .string("^(\(schemes.joined(separator: "|")))://")]
    }

    private static func reference(_ key: String) -> JSONValue {
        [
            "type": "object",
            "properties": .object(JSONObject([.init(key: key, value: ["type": "string", "minLength": 1])])),
            "required": [.string(key)],
            "additionalProperties": false,
        ]
    }
}
