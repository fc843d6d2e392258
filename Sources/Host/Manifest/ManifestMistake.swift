import Basics

/// One thing that is wrong with a manifest, for the person who wrote it.
package struct ManifestMistake: Hashable, Sendable {
    /// Where, for example `surfaces[1].options.token`; the root for the file as a whole.
    package let path: JSONPath
    /// From 1; `nil` when the file could not be read.
    package let line: Int?
    /// What is wrong; never holds a value that may be secret.
    package let message: String
    /// What would be right.
    package let hint: String?
}

extension ManifestMistake: CustomStringConvertible {
    /// `PATH: MESSAGE; HINT`.
    package var description: String {
        let place = path == .root ? "" : "\(path): "
        return place + message + (hint.map { "; \($0)" } ?? "")
    }

    /// `FILE:LINE: PATH: MESSAGE; HINT`, as compilers write.
    package func line(in file: String) -> String { "\(file):\(line.map { "\($0): " } ?? " ")\(self)" }
}

/// Everything that is wrong with a manifest, in the order of its lines; never empty.
package struct ManifestError: Error, Hashable {
    package let mistakes: [ManifestMistake]
}

extension ManifestError: CustomStringConvertible {
    package var description: String { mistakes.map(\.description).joined(separator: "; ") }
}
