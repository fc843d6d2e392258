import Glibc

/// One TCP connection with blocking reads and writes; for one thread at a time.
package final class TestConnection: @unchecked Sendable {
    private var descriptor: Int32
    private var unread: [UInt8] = []

    package init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close() }

    /// Connects to a server on loopback.
    package init(to port: UInt16, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw SocketFailure(errno) }
    }

    // MARK: Reading

    /// The next bytes; empty at the end.
    package func readSome() throws -> [UInt8] {
        guard unread.isEmpty else {
            defer { unread = [] }
            return unread
        }
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count >= 0 else { throw SocketFailure(errno) }
        return Array(buffer.prefix(count))
    }

    /// Reads to the empty line that ends a head, which is included.
    @discardableResult
    package func readHead() throws -> String {
        var head: [UInt8] = []
        while true {
            let more = try readSome()
            guard !more.isEmpty else { throw SocketFailure(ECONNRESET) }
            let searchStart = max(0, head.count - 3)
            head += more
            for index in searchStart..<max(searchStart, head.count - 3)
            where head[index..<(index + 4)].elementsEqual("\r\n\r\n".utf8) {
                unread = Array(head[(index + 4)...])
                return String(decoding: head[..<(index + 4)], as: UTF8.self)
            }
        }
    }

    package func read(count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let more = try readSome()
            guard !more.isEmpty else { throw SocketFailure(ECONNRESET) }
            bytes += more
        }
        unread = Array(bytes[count...])
        return Array(bytes[..<count])
    }

    /// Everything until the peer closes; a reset counts as closing.
    @discardableResult
    package func readToEnd() -> [UInt8] {
        var bytes: [UInt8] = []
        while let more = try? readSome(), !more.isEmpty { bytes += more }
        return bytes
    }

    /// Reads a head and the body that its Content-Length announces.
    @discardableResult
    package func readRequest() throws -> (head: String, body: [UInt8]) {
        let head = try readHead()
        for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
            let count = line.dropFirst("content-length:".count).drop { $0 == " " }
            return (head, try read(count: Int(count) ?? 0))
        }
        return (head, [])
    }

    // MARK: Writing

    package func write(_ text: String) throws { try write(Array(text.utf8)) }

    package func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw SocketFailure(errno) }
            sent += count
        }
    }

    /// Writes what the socket takes without waiting; `false` when it takes nothing.
    package func writeWithoutWaiting(_ bytes: [UInt8]) throws -> Bool {
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        let count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, flags) }
        guard count >= 0 || errno == EAGAIN else { throw SocketFailure(errno) }
        return count > 0
    }

    package func respond(_ status: String = "200 OK", headers: String = "", body: String = "") throws {
        try write("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }

    /// Sends each write at once.
    package func setNoDelay() {
        var option: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &option, socklen_t(MemoryLayout<Int32>.size))
    }

    package func shutdownWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    package func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    /// Closes with a reset.
    package func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }
}

extension TestConnection {
    /// Writes all of `bytes`, and calls `stalled` when nothing moved for `patience` milliseconds meanwhile.
    package func write(_ bytes: [UInt8], patience: Int32, stalled: () -> Void) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            if poll(&waiting, 1, patience) == 0 { stalled() }
            let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, flags) }
            guard count >= 0 || errno == EAGAIN else { throw SocketFailure(errno) }
            rest = rest.dropFirst(max(count, 0))
        }
    }
}
