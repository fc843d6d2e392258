import FoundationEssentials

/// Bytes within JSON: base64 with padding.
enum StoredBytes {
    static func text(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// `nil` when it is no base64.
    static func read(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { [UInt8]($0) } }
}
