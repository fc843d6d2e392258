/// Where a file of a turn is kept, relative to the folder `files` of the state: `17/out1`.
///
/// Never from the root: a state that is moved, or restored elsewhere, takes its files along. 0.1 stored the full paths
/// of files that are owed; of such a path what follows the last component `files` counts, which is the same file,
/// because the names below that folder are numbers of turns and of files. A path that is empty, or has a component
/// that is empty, `.` or `..`, or that begins at the root without a component `files`, is refused.
package struct StoredPath: Hashable, Sendable {
    package let text: String

    /// `nil` when `path` does not lead to a file below the folder.
    package init?(_ path: String) {
        var components = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if components.first?.isEmpty == true {
            guard let folder = components.lastIndex(where: { $0.elementsEqual("files".utf8) }) else { return nil }
            components = Array(components[(folder + 1)...])
        }
        guard !components.isEmpty, components.allSatisfy(Self.isName) else { return nil }
        text = components.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
    }

    private static func isName(_ component: Substring.UTF8View) -> Bool {
        !component.isEmpty && !component.elementsEqual(".".utf8) && !component.elementsEqual("..".utf8)
            && !component.contains(0)
    }
}
