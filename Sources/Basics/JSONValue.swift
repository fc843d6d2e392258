/// A JSON value (RFC 8259) as it was written: members in order, numbers not rounded.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    /// A string that holds a surrogate half without its partner, as UTF-16 code units.
    ///
    /// Only what is read can be one: a delta may be cut between the halves of one character.
    case unpaired([UInt16])
    case array([JSONValue])
    case object(JSONObject)
}

/// A JSON number, kept as its text, so that a 64-bit identifier loses nothing.
package struct JSONNumber: Hashable, Sendable {
    package let text: String

    package init(text: String) { self.text = text }
    package init(_ value: Int64) { text = String(value) }
    package init(_ value: Double) { text = String(value) }

    /// The value when it is a whole number that fits, also when written as `1e3` or `5.0`.
    package var int64: Int64? {
        if let exact = Int64(text) { return exact }
        guard let value = Double(text), value == value.rounded(), abs(value) < 9_007_199_254_740_992 else { return nil }
        return Int64(value)
    }

    package var double: Double { Double(text) ?? .nan }
}

/// The members of a JSON object, in the order in which they were written.
package struct JSONObject: Hashable, Sendable {
    package struct Member: Hashable, Sendable {
        package let key: String
        package var value: JSONValue

        package init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    package private(set) var members: [Member]

    package init(_ members: [Member] = []) { self.members = members }

    /// The value of the first member called `key`; setting `nil` removes it.
    package subscript(key: String) -> JSONValue? {
        get { members.first { $0.key == key }?.value }
        set {
            guard let index = members.firstIndex(where: { $0.key == key }) else {
                if let newValue { members.append(Member(key: key, value: newValue)) }
                return
            }
            if let newValue { members[index].value = newValue } else { members.remove(at: index) }
        }
    }
}

extension JSONValue {
    /// The member `key` of an object; `nil` for anything else and for an explicit `null`.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let object) = self, let value = object[key], value != .null else { return nil }
        return value
    }

    /// The element at `index` of an array, if there is one.
    package subscript(index: Int) -> JSONValue? {
        guard case .array(let values) = self, values.indices.contains(index) else { return nil }
        return values[index]
    }

    /// The text; an unpaired surrogate half reads as U+FFFD.
    package var string: String? {
        switch self {
        case .string(let text): text
        case .unpaired(let units): String(decoding: units, as: UTF16.self)
        default: nil
        }
    }

    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var int64: Int64? { if case .number(let number) = self { number.int64 } else { nil } }
    package var double: Double? { if case .number(let number) = self { number.double } else { nil } }
    package var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
    package var object: JSONObject? { if case .object(let object) = self { object } else { nil } }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int64) { self = .number(JSONNumber(value)) }
    package init(floatLiteral value: Double) { self = .number(JSONNumber(value)) }
    package init(nilLiteral: ()) { self = .null }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.map { JSONObject.Member(key: $0.0, value: $0.1) }))
    }

    package init(_ value: Int64) { self = .number(JSONNumber(value)) }
    package init(_ value: Int) { self = .number(JSONNumber(Int64(value))) }
}
