import Basics

/// One header field, in the order and spelling in which it is sent.
package struct HTTPHeader: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [HTTPHeader] {
    /// The value of the first field called `name`, in any case.
    package subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return first { $0.name.lowercased() == wanted }?.value
    }
}

/// What a request carries.
package enum HTTPBody: Sendable {
    /// A piece of a body that is known before it is sent.
    package enum Part: Sendable {
        case bytes([UInt8])
        case file(path: String)
    }

    case none
    case bytes([UInt8])
    /// A regular file that is read while it is sent.
    case file(path: String)
    /// Bytes and files one after the other.
    case parts([Part])
    /// Parts made while they are sent; `next` is first called when the server is connected and ready to take the
    /// body, and returns `nil` at the end. Without `length` the body is sent chunked. When `next` throws, the
    /// exchange is abandoned: thrown by its first call, nothing of the body was sent.
    case stream(length: Int?, next: @Sendable () async throws -> [UInt8]?)
}

/// The time that an exchange may take.
///
/// `nil` is no limit.
package struct HTTPTimeouts: Hashable, Sendable {
    /// To resolve, connect and shake hands.
    package var connect: Duration?
    /// Without a byte in either direction, while we wait for the peer: what our reader or body takes does not count.
    package var idle: Duration?
    /// From the start to the last byte.
    package var total: Duration?

    package init(connect: Duration? = .seconds(10), idle: Duration? = .seconds(60), total: Duration? = nil) {
        self.connect = connect
        self.idle = idle
        self.total = total
    }
}

/// One request.
///
/// Redirects are never followed: a 3xx is a response like any other.
package struct HTTPRequest: Sendable {
    package var method: String
    /// An absolute `http` or `https` URL, already percent-encoded.
    package var url: String
    package var headers: [HTTPHeader]
    package var body: HTTPBody
    package var timeouts: HTTPTimeouts

    package init(
        _ method: String,
        _ url: String,
        headers: [HTTPHeader] = [],
        body: HTTPBody = .none,
        timeouts: HTTPTimeouts = HTTPTimeouts()
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeouts = timeouts
    }
}
