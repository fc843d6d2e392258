/// The way to a value within a JSON text, for example `surfaces[1].options.token`.
package struct JSONPath: Hashable, Sendable {
    package enum Step: Hashable, Sendable {
        case key(String)
        case index(Int)
    }

    package private(set) var steps: [Step]

    package init(_ steps: [Step] = []) { self.steps = steps }

    package static let root = JSONPath()

    package func appending(_ step: Step) -> JSONPath { JSONPath(steps + [step]) }
    package subscript(key: String) -> JSONPath { appending(.key(key)) }
    package subscript(index: Int) -> JSONPath { appending(.index(index)) }

    /// The path of what contains this; `nil` for the root.
    package var parent: JSONPath? { steps.isEmpty ? nil : JSONPath(steps.dropLast()) }

    mutating func append(_ step: Step) { steps.append(step) }
    mutating func removeLast() { steps.removeLast() }
}

extension JSONPath: CustomStringConvertible {
    /// Steps as a person writes them: `a[1].b`, with `["b c"]` for a key that is no plain word; empty for the root.
    package var description: String {
        steps.reduce(into: "") { text, step in
            switch step {
            case .index(let index): text += "[\(index)]"
            case .key(let key) where Self.isPlain(key): text += text.isEmpty ? key : ".\(key)"
            case .key(let key): text += "[\(JSONValue.string(key).text)]"
            }
        }
    }

    private static func isPlain(_ key: String) -> Bool {
        !key.isEmpty && key.utf8.allSatisfy { isASCIIWordByte($0) || "$-".utf8.contains($0) }
    }
}
