import FoundationEssentials
import HTTP

/// Where a `Location` header leads (RFC 9110 §10.2.2).
struct RedirectTarget: Hashable {
    let url: String
    /// Whether scheme, host and port stay, so that credentials may go along.
    let isSameOrigin: Bool

    /// `nil` when it leads nowhere that may be gone to: no HTTP address, or out of an encrypted connection.
    init?(_ location: String, from origin: String) {
        guard let resolved = URL(string: location, relativeTo: URL(string: origin))?.absoluteString,
            let (from, to) = URLParts(origin).flatMap({ from in URLParts(resolved).map { (from, $0) } }),
            from.scheme != "https" || to.scheme == "https"
        else { return nil }
        url = resolved
        isSameOrigin =
            (from.scheme, from.host.lowercased(), from.port) == (to.scheme, to.host.lowercased(), to.port)
    }
}
