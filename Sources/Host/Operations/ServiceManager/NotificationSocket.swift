import Glibc

/// A datagram socket of the machine, by its path or, after `@`, its abstract name.
package struct NotificationSocket: Sendable {
    private let address: sockaddr_un
    private let length: socklen_t

    /// `nil` when `address` is of another kind, or too long.
    package init?(address text: String) {
        guard let first = text.utf8.first, [UInt8(ascii: "/"), UInt8(ascii: "@")].contains(first) else { return nil }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let isAbstract = first == UInt8(ascii: "@")
        let name = (isAbstract ? [0] : [first]) + Array(text.utf8.dropFirst())
        // A path ends in a null byte, an abstract name where the address ends.
        let capacity = MemoryLayout.size(ofValue: address.sun_path) - (isAbstract ? 0 : 1)
        guard name.count > 1, name.count <= capacity else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        self.address = address
        let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? MemoryLayout<sa_family_t>.size
        length = socklen_t(start + name.count + (isAbstract ? 0 : 1))
    }

    /// Sends one datagram; nobody is told when that fails, as the protocol has it.
    package func send(_ text: String) {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }
}
