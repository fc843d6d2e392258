import Basics
import Glibc

/// Names of machines, looked up as any program here does it.
enum HostName {
    /// Why a name has no address.
    enum Fault: Error, Hashable {
        case unknown
        case noResolver(reason: String)
    }

    /// Whether `host` is an IP address; IPv6 in brackets.
    static func isAddress(_ host: String) -> Bool {
        var address = in6_addr()
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        return inet_pton(AF_INET, bare, &address) == 1 || inet_pton(AF_INET6, bare, &address) == 1
    }

    /// The IP addresses of `host`; takes as long as the resolver does.
    static func addresses(of host: String) async -> Result<[String], Fault> {
        await withCheckedContinuation { continuation in
            let isStarted = DedicatedThread.start { continuation.resume(returning: resolve(host)) }
            if !isStarted { continuation.resume(returning: .failure(.noResolver(reason: "no thread"))) }
        }
    }

    private static func resolve(_ host: String) -> Result<[String], Fault> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &list)
        defer { freeaddrinfo(list) }
        guard status == 0 else {
            return .failure(
                status == EAI_NONAME ? .unknown : .noResolver(reason: String(cString: gai_strerror(status)))
            )
        }
        var addresses: [String] = []
        var entry = list
        while let info = entry?.pointee {
            if let text = text(of: info), !addresses.contains(text) { addresses.append(text) }
            entry = info.ai_next
        }
        return .success(addresses)
    }

    private static func text(of info: addrinfo) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let status = getnameinfo(
            info.ai_addr,
            info.ai_addrlen,
            &buffer,
            socklen_t(buffer.count),
            nil,
            0,
            NI_NUMERICHOST
        )
        guard status == 0 else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
