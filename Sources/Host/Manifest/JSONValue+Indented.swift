import Basics

extension JSONValue {
    /// Over several lines, for people: a change shows as one.
    ///
    /// - Parameter isOneLine: Which elements of arrays stand on one line all the same.
    package func indentedText(where isOneLine: (JSONValue) -> Bool = { _ in false }) -> String {
        Self.indented(self, 0, isOneLine)
    }

    private static func indented(_ value: JSONValue, _ depth: Int, _ isOneLine: (JSONValue) -> Bool) -> String {
        let (inner, outer) = (String(repeating: "  ", count: depth + 1), String(repeating: "  ", count: depth))
        switch value {
        case .object(let object) where !object.members.isEmpty:
            let members = object.members.map {
                "\(inner)\(JSONValue.string($0.key).text): \(indented($0.value, depth + 1, isOneLine))"
            }
            return "{\n\(members.joined(separator: ",\n"))\n\(outer)}"
        case .array(let elements) where elements.contains { $0.object != nil }:
            let lines = elements.map { inner + (isOneLine($0) ? $0.text : indented($0, depth + 1, isOneLine)) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(outer)]"
        default: return value.text
        }
    }
}
