import Basics
import Glibc
import HTTP

extension SocketAddress {
    /// Reads `127.0.0.1:8080` or `[::1]:8080`.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits) else { return nil }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        var address = in6_addr()
        guard inet_pton(isBracketed ? AF_INET6 : AF_INET, String(host), &address) == 1 else { return nil }
        self.init(host: String(host), port: port)
    }

    /// Where this machine itself reaches a listener of this address.
    package var fromHere: SocketAddress {
        switch host {
        case "0.0.0.0": SocketAddress(host: "127.0.0.1", port: port)
        case "::": SocketAddress(host: "::1", port: port)
        default: self
        }
    }
}
