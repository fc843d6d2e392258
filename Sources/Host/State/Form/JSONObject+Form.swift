import Basics

extension JSONObject {
    /// Members in the order in which they are written; those without a value are left out.
    init(_ members: KeyValuePairs<String, JSONValue?>) {
        self.init(members.compactMap { key, value in value.map { Member(key: key, value: $0) } })
    }
}

extension JSONValue {
    /// `nil` for `nil`.
    static func optional(_ text: String?) -> JSONValue? { text.map { .string($0) } }
}
