/// Which files of a turn are still needed.
package enum NeededFiles: Hashable, Sendable {
    /// More may come: the turn has not ended.
    case all
    /// Those with these names, relative to the ``FileCabinet``.
    case only(Set<String>)
}
