import Basics

/// Why a stored value cannot be read or written: which one, where in it, and what is wrong, without its content.
package struct StoredFormError: Error, Hashable, CustomStringConvertible {
    package enum Fault: Hashable, Sendable {
        /// The text is no JSON that this program would have written.
        case notJSON(reason: String)
        /// Something that every form has is not there.
        case missing
        /// It is there, and of another type or out of range.
        case expected(String)
        /// A word that no version up to this one has written.
        case unknownWord
        /// The form is a later one, or none.
        case unknownVersion
        /// A path that leads out of the folder of files.
        case outside
    }

    /// Which sort of value, for example `message content`.
    package let value: String
    /// The way to what is at fault; empty for the value as a whole.
    package let field: String
    package let fault: Fault

    package init(value: String, field: String = "", fault: Fault) {
        self.value = value
        self.field = field
        self.fault = fault
    }

    package var description: String {
        "a stored \(value) cannot be used: \(field.isEmpty ? "" : "\(field): ")\(fault.inWords)"
    }
}

extension StoredFormError.Fault {
    fileprivate var inWords: String {
        switch self {
        case .notJSON(let reason): "not JSON (\(reason))"
        case .missing: "missing"
        case .expected(let what): "expected \(what)"
        case .unknownWord: "an unknown word"
        case .unknownVersion: "a form that this version does not know"
        case .outside: "a path outside of the folder of files"
        }
    }
}
