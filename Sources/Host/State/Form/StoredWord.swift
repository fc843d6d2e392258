/// One of a few words that a column, or a member of a stored value, holds.
///
/// The words are written down in `StoredWords.swift`, so that a case can be renamed without a change to what is stored.
package protocol StoredWord: CaseIterable {
    /// What it is called in errors.
    static var formName: String { get }

    var word: String { get }
}

extension StoredWord {
    /// Reads what a column holds.
    ///
    /// - Throws: When it is empty, or a word that no version up to this one has written.
    package init(stored word: String?) throws(StoredFormError) {
        guard let word else { throw StoredFormError(value: Self.formName, fault: .missing) }
        guard let value = Self.allCases.first(where: { $0.word == word }) else {
            throw StoredFormError(value: Self.formName, fault: .unknownWord)
        }
        self = value
    }
}
