import Glibc

/// A TCP socket that listens; closed by whoever takes ``descriptor``.
struct ListeningSocket {
    let descriptor: Int32
    /// With the port that the system chose.
    let address: SocketAddress

    init(_ wanted: SocketAddress) throws(HTTPListenerError) {
        let isIPv6 = wanted.host.contains(":")
        let descriptor = socket(isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw .notPossible(wanted, reason: lastError()) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        if isIPv6 {
            setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &yes, socklen_t(MemoryLayout<Int32>.size))
        }
        let bound = isIPv6 ? Self.bind6(descriptor, wanted) : Self.bind4(descriptor, wanted)
        guard bound, listen(descriptor, 511) == 0 else {
            let (number, reason) = (errno, lastError())
            close(descriptor)
            throw number == EADDRINUSE ? .addressInUse(wanted) : .notPossible(wanted, reason: reason)
        }
        self.descriptor = descriptor
        address = SocketAddress(host: wanted.host, port: Self.port(of: descriptor))
    }

    private static func bind4(_ descriptor: Int32, _ wanted: SocketAddress) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = wanted.port.bigEndian
        guard inet_pton(AF_INET, wanted.host, &address.sin_addr) == 1 else { return refuse() }
        return withUnsafePointer(to: &address) { bind(descriptor, to: $0) }
    }

    private static func bind6(_ descriptor: Int32, _ wanted: SocketAddress) -> Bool {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = wanted.port.bigEndian
        guard inet_pton(AF_INET6, wanted.host, &address.sin6_addr) == 1 else { return refuse() }
        return withUnsafePointer(to: &address) { bind(descriptor, to: $0) }
    }

    private static func refuse() -> Bool {
        errno = EADDRNOTAVAIL
        return false
    }

    private static func bind<Address>(_ descriptor: Int32, to address: UnsafePointer<Address>) -> Bool {
        address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<Address>.size)) == 0
        }
    }

    private static func port(of descriptor: Int32) -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
            // The port is at the same place in sockaddr_in and sockaddr_in6.
            return storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                UInt16(bigEndian: $0.pointee.sin_port)
            }
        }
    }
}

private func lastError() -> String { String(cString: strerror(errno)) }
