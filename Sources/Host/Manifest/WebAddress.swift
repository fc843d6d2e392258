/// The parts of an absolute URL (RFC 3986, ASCII, with a host), and what is wrong with one.
package struct WebAddress: Hashable, Sendable {
    /// Why a text is no such address.
    package struct Fault: Error, Hashable {
        package let message: String
        package let hint: String?
    }

    /// In lower case.
    package let scheme: String
    /// User and password, as written.
    package let credentials: String?
    /// As written; IPv6 in brackets.
    package let host: String
    package let port: String?
    /// Empty, or from the first slash on.
    package let path: String
    package let query: String?
    package let fragment: String?

    package init(_ text: String, schemes: [String]) throws(Fault) {
        let begins = "must begin with \(schemes.map { "\($0)://" }.joined(separator: " or "))"
        guard let colon = text.firstRange(of: "://") else {
            throw Fault(message: begins, hint: "write \"\(schemes[0])://…\"")
        }
        scheme = text[..<colon.lowerBound].lowercased()
        guard schemes.contains(scheme) else { throw Fault(message: begins, hint: Self.hint(scheme)) }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"\"<>\\^`{|}".utf8.contains($0) }) else {
            throw Fault(
                message: "holds a space or another character that an address cannot have",
                hint: "percent-encode it; a name that is not ASCII is written as xn--…"
            )
        }
        var rest = text[colon.upperBound...]
        fragment = Self.cut(&rest, from: "#")
        query = Self.cut(&rest, from: "?")
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        path = String(rest[slash...])
        var authority = rest[..<slash]
        let at = authority.lastIndex(of: "@")
        credentials = at.map { String(authority[..<$0]) }
        if let at { authority = authority[authority.index(after: at)...] }
        (host, port) = try Self.split(authority)
    }

    package var origin: String { "\(scheme)://\(host)\(port.map { ":\($0)" } ?? "")" }

    private static func cut(_ rest: inout Substring, from mark: Character) -> String? {
        guard let index = rest.firstIndex(of: mark) else { return nil }
        defer { rest = rest[..<index] }
        return String(rest[rest.index(after: index)...])
    }

    private static func split(_ authority: Substring) throws(Fault) -> (host: String, port: String?) {
        let bracket = authority.hasPrefix("[") ? authority.firstIndex(of: "]") : nil
        let colon = authority[(bracket ?? authority.startIndex)...].firstIndex(of: ":")
        let host = authority[..<(colon ?? authority.endIndex)]
        let inside = bracket == nil ? host : host.dropFirst().dropLast()
        let allowed = bracket == nil ? "-._" : ":.%"
        guard !inside.isEmpty, inside.utf8.allSatisfy({ isHostByte($0) || allowed.utf8.contains($0) }),
            bracket == nil || host.hasSuffix("]")
        else { throw Fault(message: "has no host name that could be right", hint: nil) }
        guard let colon else { return (String(host), nil) }
        let port = authority[authority.index(after: colon)...]
        guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(port), number > 0 else {
            throw Fault(message: "has a port that is no number from 1 to 65535", hint: nil)
        }
        return (String(host), String(port))
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func hint(_ scheme: String) -> String? {
        switch scheme {
        case "ws", "wss": "this program speaks HTTP; only AGENT_WS_URL takes a WebSocket address"
        case "socks5": "write socks5h://…, so that names are resolved at the proxy"
        default: nil
        }
    }
}
