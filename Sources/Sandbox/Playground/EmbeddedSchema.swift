import Basics
import CWebPages

/// Descriptions of interfaces that are part of the program.
enum EmbeddedSchema {
    /// `max-api.json`: the simulated MAX knows by it which calls there are.
    static let max = MaxSchema(json("schemas/max-api.json"))

    private static func json(_ path: String) -> JSONValue {
        let file = (0..<surfaces_web_file_count).map(surfaces_web_file_at).first { String(cString: $0.path) == path }
        let value = file.flatMap { try? JSONValue(parsing: UnsafeBufferPointer(start: $0.bytes, count: $0.size)) }
        guard let value else { preconditionFailure("\(path) is not part of the program, or is no JSON") }
        return value
    }
}
