/// What became of the previews of a turn that has ended.
package struct KeptPreviews: Hashable, Sendable {
    /// Pages that the messenger shows.
    package var shown: Set<Int> = []
    /// Pages whose message was never confirmed: nobody knows whether people see one.
    package var uncertain: Set<Int> = []

    package init() {}
}
