import Basics

/// One thing that is wrong with a manifest, for the person who wrote it.
struct ManifestMistake: Hashable, Sendable {
    /// Where, for example `surfaces[1].options.token`; the root for the file as a whole.
    let path: JSONPath
    /// From 1; `nil` when the file could not be read.
    let line: Int?
    /// What is wrong; never holds a value that may be secret.
    let message: String
    /// What would be right.
    let hint: String?
}

extension ManifestMistake: CustomStringConvertible {
    /// `PATH: MESSAGE; HINT`.
    var description: String {
        let place = path == .root ? "" : "\(path): "
        return place + message + (hint.map { "; \($0)" } ?? "")
    }
}

/// Everything that is wrong with a manifest, in the order of its lines; never empty.
struct ManifestError: Error, Hashable {
    let mistakes: [ManifestMistake]
}
