/// A JSON text for people: its value, where each part of it stands, and which keys are repeated.
package struct JSONDocument: Sendable {
    package let root: JSONValue
    /// Every key that an object has had before, in the order of the text.
    package let repeatedKeys: [(path: JSONPath, position: JSONPosition)]

    private let lines: JSONLines
    private let values: [JSONPath: Int]
    private let keys: [JSONPath: Int]

    package init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        var reader = JSONReader(bytes: bytes, limits: limits, trace: JSONTrace())
        root = try reader.document()
        let trace = reader.trace ?? JSONTrace()
        let lines = JSONLines(bytes)
        self.lines = lines
        values = trace.values
        keys = trace.keys
        repeatedKeys = trace.repeated.map { (path: $0.path, position: lines.position(of: $0.offset)) }
    }

    /// Where the value at `path` begins; of a repeated key the first.
    package func position(of path: JSONPath) -> JSONPosition? { values[path].map(lines.position) }

    /// Where the key that `path` ends in stands; `nil` for the elements of an array.
    package func keyPosition(of path: JSONPath) -> JSONPosition? { keys[path].map(lines.position) }
}

/// A place in a text.
package struct JSONPosition: Hashable, Sendable {
    /// From 1.
    package let line: Int
    /// From 1, in bytes.
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// Where the lines of a text begin.
struct JSONLines: Sendable {
    private let starts: [Int]

    init(_ bytes: [UInt8]) {
        starts = [0] + bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 }
    }

    func position(of offset: Int) -> JSONPosition {
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        return JSONPosition(line: low + 1, column: offset - starts[low] + 1)
    }
}

/// Notes where values and keys stand, while they are read.
struct JSONTrace {
    private(set) var values: [JSONPath: Int] = [:]
    private(set) var keys: [JSONPath: Int] = [:]
    private(set) var repeated: [(path: JSONPath, offset: Int)] = []
    private var path = JSONPath.root

    mutating func note(value offset: Int) {
        if values[path] == nil { values[path] = offset }
    }

    mutating func enter(key: String, at offset: Int) {
        path.append(.key(key))
        if keys[path] == nil { keys[path] = offset } else { repeated.append((path, offset)) }
    }

    mutating func enter(element: Int) { path.append(.index(element)) }
    mutating func leave() { path.removeLast() }
}
