import Basics

/// A value that is stored as JSON in a column, in a form that is written down here and not left to the compiler.
///
/// What is stored outlives the program that wrote it. So each type says by hand how it is written, in the newest form
/// (``FormVersion/second``), and how it is read, in every form that was ever released; `Codable` would change the form
/// with the name of a case. A form is changed by adding members that may be missing, or by a new version beside the
/// ones before it; a released one is never taken away. Members that are not known are passed over.
package protocol StoredForm {
    /// What it is called in errors.
    static var formName: String { get }

    /// Its members in the newest form.
    func form() throws(StoredFormError) -> JSONObject

    init(_ form: FormReader) throws(StoredFormError)
}

/// The forms in which values were stored.
package enum FormVersion: Int64, Sendable {
    /// Of 0.1: what the Swift compiler made of the types. A payload of a case is called `_0`; there is no `v`.
    case first = 1
    /// Our own; the outermost object says so in `v`.
    case second = 2

    static let newest = Self.second
    static let key = "v"
}

extension StoredForm {
    /// What a column holds.
    package func stored() throws(StoredFormError) -> String {
        let version = JSONObject.Member(key: FormVersion.key, value: JSONValue(FormVersion.newest.rawValue))
        return JSONValue.object(JSONObject([version] + (try form()).members)).text
    }

    /// Reads what a column holds.
    ///
    /// - Throws: Also when the column is empty.
    package init(stored text: String?) throws(StoredFormError) {
        guard let text else { throw StoredFormError(value: Self.formName, fault: .missing) }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: text.utf8, limits: JSONLimits(depth: 32, bytes: mostStoredBytes))
        } catch {
            throw StoredFormError(value: Self.formName, fault: .notJSON(reason: "byte \(error.offset)"))
        }
        try self.init(FormReader(value, of: Self.formName))
    }
}

/// Largest value that is read; more than SQLite keeps by default would hold.
private let mostStoredBytes = 1 << 30
