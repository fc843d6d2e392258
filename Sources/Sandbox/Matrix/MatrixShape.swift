import Basics

/// What a JSON value of the client-server API looks like, to hold requests against.
indirect enum MatrixShape: Sendable {
    case any
    case string
    case integer
    case boolean
    case oneOf([String])
    /// An identifier that begins so: `@`, `!`, `$`, `#`, or `mxc://`.
    case identifier(String)
    case array(MatrixShape)
    /// Any keys, all values of one shape.
    case map(MatrixShape)
    /// Nothing but these members, and those whose names say that they are not the specification’s.
    case object([MatrixField])

    /// What is wrong with `value`; empty when nothing is.
    func violations(of value: JSONValue, at path: String) -> [String] {
        switch self {
        case .any: return []
        case .string: return value.string == nil ? ["\(path): must be a string"] : []
        case .integer: return value.int64 == nil ? ["\(path): must be an integer"] : []
        case .boolean: return value.bool == nil ? ["\(path): must be true or false"] : []
        case .oneOf(let choices):
            return choices.contains(value.string ?? "") ? [] : ["\(path): must be one of \(choices)"]
        case .identifier(let sigil):
            return Self.isIdentifier(value.string ?? "", sigil) ? [] : ["\(path): must be an identifier with \(sigil)"]
        case .array(let element):
            guard let values = value.array else { return ["\(path): must be an array"] }
            return values.enumerated().flatMap { element.violations(of: $1, at: "\(path)[\($0)]") }
        case .map(let shape):
            guard let object = value.object else { return ["\(path): must be an object"] }
            return object.members.flatMap { shape.violations(of: $0.value, at: "\(path).\($0.key)") }
        case .object(let fields): return Self.check(value, fields, at: path)
        }
    }

    private static func check(_ value: JSONValue, _ fields: [MatrixField], at path: String) -> [String] {
        guard let object = value.object else { return ["\(path): must be an object"] }
        var wrong: [String] = []
        for member in object.members {
            if let field = fields.first(where: { $0.name == member.key }) {
                wrong += field.shape.violations(of: member.value, at: "\(path).\(member.key)")
            } else if !isForeign(member.key) {
                wrong.append("\(path).\(member.key): unknown")
            }
        }
        for field in fields where field.isRequired && object[field.name] == nil {
            wrong.append("\(path).\(field.name): missing")
        }
        return wrong
    }

    /// Whether a name is somebody’s own: in the reversed domain of who made it up.
    private static func isForeign(_ name: String) -> Bool { name.contains(".") && !name.hasPrefix("m.") }

    /// At most 255 bytes, and a server name where the kind of identifier has one.
    static func isIdentifier(_ text: String, _ sigil: String) -> Bool {
        guard text.hasPrefix(sigil), text.utf8.count > sigil.utf8.count, text.utf8.count <= 255 else { return false }
        let rest = text.dropFirst(sigil.count)
        switch sigil {
        case "@", "#": return rest.split(separator: ":", maxSplits: 1).count == 2
        case "mxc://": return rest.split(separator: "/", omittingEmptySubsequences: false).count == 2
        default: return true
        }
    }
}

/// A member of an object.
struct MatrixField: Sendable {
    let name: String
    let shape: MatrixShape
    let isRequired: Bool

    static func required(_ name: String, _ shape: MatrixShape) -> MatrixField {
        MatrixField(name: name, shape: shape, isRequired: true)
    }

    static func optional(_ name: String, _ shape: MatrixShape) -> MatrixField {
        MatrixField(name: name, shape: shape, isRequired: false)
    }
}
