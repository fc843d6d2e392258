import Basics

/// The short name that an agent gives its error.
package enum AgentErrorCode {
    /// A filter of what may be said withheld the answer, or its rest.
    package static let filtered = "content_filter"

    /// Whether the agent says that it has no room now, so that the same request may succeed later.
    package static func isBusy(_ code: String?) -> Bool {
        guard let code = code?.lowercased() else { return false }
        let word = code.filter { $0 != "_" && $0 != "-" && $0 != "." }
        return ["409", "423", "429", "503", "529"].contains(word) || busy.contains { word.contains($0) }
    }

    /// Whether the agent says that an earlier question of its own has to be answered first.
    static func isQuestionOpen(_ code: String?) -> Bool {
        guard let code = code?.uppercased() else { return false }
        return waiting.contains(code)
    }

    private static let busy = [
        "busy", "toomany", "ratelimit", "overload", "throttl", "concurren", "capacity", "alreadyactive",
        "alreadyrunning", "runactive", "inprogress", "resourceexhausted",
    ]
    private static let waiting: Set = [
        "PENDING_INTERRUPTS", "INTERRUPT_RESUME_REQUIRED", "APPROVAL_RESUME_REQUIRED", "WORKFLOW_RESUME_REQUIRED",
        "INTERRUPT_NOT_COVERED",
    ]

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
