/// A language in which the host speaks to people.
package enum Language: String, Hashable, Sendable, CaseIterable {
    case english = "en"
    case russian = "ru"

    /// The language of a BCP 47 tag such as `ru-RU`; `nil` for one that the host does not speak.
    package init?(tag: String?) {
        guard let tag else { return nil }
        self.init(rawValue: tag.prefix { $0 != "-" && $0 != "_" }.lowercased())
    }
}
