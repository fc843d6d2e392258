import CCurl

/// The parts of an absolute URL (RFC 3986), read by the same parser that sends to it.
package struct URLParts: Hashable, Sendable {
    /// In lower case.
    package let scheme: String
    /// A name or an IP address; IPv6 in brackets.
    package let host: String
    /// The scheme's own port when none was given.
    package let port: Int
    /// Begins with `/`, percent-encoded.
    package let path: String
    /// Without `?`.
    package let query: String?
    package let fragment: String?
    /// Whether a user or password stands before the host.
    package let hasCredentials: Bool

    /// `nil` when the text is not an absolute URL with one of the schemes and a host.
    package init?(_ text: String, schemes: Set<String> = ["http", "https"]) {
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        guard curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME)) == CURLUE_OK else {
            return nil
        }
        func part(_ part: CURLUPart, flags: Int32 = 0) -> String? {
            var value: UnsafeMutablePointer<CChar>?
            guard curl_url_get(handle, part, &value, UInt32(flags)) == CURLUE_OK, let value else { return nil }
            defer { curl_free(value) }
            return String(cString: value)
        }
        guard let scheme = part(CURLUPART_SCHEME)?.lowercased(), schemes.contains(scheme),
            let host = part(CURLUPART_HOST), !host.isEmpty
        else { return nil }
        self.scheme = scheme
        self.host = host
        port = part(CURLUPART_PORT, flags: CURLU_DEFAULT_PORT).flatMap { Int($0) } ?? (scheme == "socks5h" ? 1080 : 80)
        path = part(CURLUPART_PATH) ?? "/"
        query = part(CURLUPART_QUERY)
        fragment = part(CURLUPART_FRAGMENT)
        hasCredentials = part(CURLUPART_USER) != nil || part(CURLUPART_PASSWORD) != nil
    }

    /// The absolute URL that `reference`, for example of a `Location` field, means on the page `base`.
    package static func resolve(_ reference: String, against base: String) -> String? {
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        for url in [base, reference] where curl_url_set(handle, CURLUPART_URL, url, 0) != CURLUE_OK { return nil }
        var value: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, CURLUPART_URL, &value, 0) == CURLUE_OK, let value else { return nil }
        defer { curl_free(value) }
        return String(cString: value)
    }
}
