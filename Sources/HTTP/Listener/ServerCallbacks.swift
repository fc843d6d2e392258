import CMicroHTTPD

/// What libmicrohttpd calls, on its thread.
enum ServerCallbacks {
    /// A connection begins or ends.
    static func changed(
        _ context: UnsafeMutableRawPointer?,
        _ connection: OpaquePointer?,
        _ notification: MHD_ConnectionNotificationCode
    ) {
        guard let connection, let heads = daemon(context)?.heads else { return }
        if notification == surfaces_mhd_connection_started { heads.began(connection) } else { heads.ended(connection) }
    }

    /// A request’s first line has come: makes its exchange.
    static func begin(
        _ context: UnsafeMutableRawPointer?,
        _ target: UnsafePointer<CChar>?,
        _ connection: OpaquePointer?
    ) -> UnsafeMutableRawPointer? {
        guard let connection, let target, let context = daemon(context) else { return nil }
        let exchange = ServerExchange(connection, target: String(cString: target), context: context)
        context.note(exchange)
        return Unmanaged.passRetained(exchange).toOpaque()
    }

    /// The head has come, then pieces of the body, then its end, then the turn to answer.
    static func access(
        _ context: UnsafeMutableRawPointer?,
        _ connection: OpaquePointer?,
        _ method: UnsafePointer<CChar>?,
        _ data: UnsafePointer<CChar>?,
        _ size: UnsafeMutablePointer<Int>?,
        _ exchange: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    ) -> MHD_Result {
        guard let size, let exchange = ServerCallbacks.exchange(exchange?.pointee) else { return surfaces_mhd_no }
        let piece = UnsafeRawBufferPointer(start: data, count: size.pointee)
        let answer = exchange.advance(method: method.map { String(cString: $0) } ?? "", piece)
        if !piece.isEmpty { size.pointee = 0 }
        return answer
    }

    /// The exchange is over, well or badly.
    static func completed(
        _ context: UnsafeMutableRawPointer?,
        _ connection: OpaquePointer?,
        _ exchange: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    ) {
        if let connection { daemon(context)?.heads.requestEnded(on: connection) }
        guard let pointer = exchange?.pointee else { return }
        exchange?.pointee = nil
        Unmanaged<ServerExchange>.fromOpaque(pointer).takeRetainedValue().end()
    }

    private static func daemon(_ pointer: UnsafeMutableRawPointer?) -> ServerDaemon.Context? {
        pointer.map { Unmanaged<ServerDaemon.Context>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func exchange(_ pointer: UnsafeMutableRawPointer?) -> ServerExchange? {
        pointer.map { Unmanaged<ServerExchange>.fromOpaque($0).takeUnretainedValue() }
    }
}
