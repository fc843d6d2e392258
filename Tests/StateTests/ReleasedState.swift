import FoundationEssentials

@testable import State

/// A state that a released version left, with every table filled.
struct ReleasedState {
    let version: String

    static let all = ["0.1.0"].map(Self.init)

    /// Every table that it has.
    let tables: [String]
    private let dump: String

    init(version: String) {
        self.version = version
        dump = (try? String(contentsOf: Self.folder.appending(path: "state-\(version).sql"), encoding: .utf8)) ?? ""
        let heads = dump.split(separator: "\n").filter { $0.hasPrefix("CREATE TABLE ") }
        tables = heads.compactMap { $0.split(separator: " ").dropFirst(2).first.map(String.init) }
    }

    /// Makes it a database, as it was, in the file at `path`.
    func write(to path: String) throws {
        let database = try Database(path: path)
        try database.script(dump)
        database.close()
    }

    /// Whether a file that a row names was kept.
    func hasFile(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: Self.folder.appending(path: "state-\(version).files/\(path)").path)
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")
}

extension ReleasedState: CustomStringConvertible {
    var description: String { version }
}
