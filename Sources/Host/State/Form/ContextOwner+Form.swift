import SurfaceKit

extension ContextOwner {
    /// What an owner begins with: the account, the group, or the person that linked accounts are.
    enum Sort: StoredWord {
        case person, group, people

        static let formName = "owner"

        var word: String {
            switch self {
            case .person: "person"
            case .group: "group"
            case .people: "people"
            }
        }
    }

    /// An owner as it is stored: `person:SURFACE:PERSON`, `group:SURFACE:CHAT` or `people:TOKEN`.
    init(_ sort: Sort, _ rest: String) { self.init(rawValue: "\(sort.word):\(rest)") }

    /// Reads what a column holds.
    init(stored text: String?) throws(StoredFormError) {
        guard let text else { throw StoredFormError(value: Sort.formName, fault: .missing) }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let sort = try Sort(stored: parts.first.map(String.init))
        guard parts.count == 2, !parts[1].isEmpty, sort == .people || parts[1].contains(":") else {
            throw StoredFormError(value: Sort.formName, fault: .expected("what it is that owns"))
        }
        self.init(rawValue: text)
    }
}
