import Basics

/// The short name that an agent gives its error.
enum AgentErrorCode {
    /// `code` when it is a name and not a sentence, so that an agent’s own text never reaches a log.
    static func short(_ code: JSONValue?) -> String? {
        guard let text = code?.string ?? code?.int64.map(String.init), (1...64).contains(text.utf8.count) else {
            return nil
        }
        let isName = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): true
            default: false
            }
        }
        return isName ? text : nil
    }
}
