/// Compares how much is looked at for pages with how far they get, so that texts whose pages hold little of what was
/// looked at do not cost more than others.
struct PageBudget: Sendable {
    private var looked = 0
    private var advanced = 0

    /// - Parameter looked: Bytes that were looked at for a page.
    /// - Parameter advanced: Bytes of the source that the page took.
    mutating func note(looked: Int, advanced: Int) {
        self.looked += looked
        self.advanced += advanced
    }

    /// Whether pages pay; small texts may take what they need.
    var isKept: Bool { looked <= 16 * advanced + 65_536 }
}
