import CCurl

extension Transfer {
    /// What libcurl calls, on the loop thread, while the transfer's handle exists.
    static let callbacks = surfaces_curl_callbacks(
        header: { bytes, size, count, context in
            Transfer.at(context)?.receivedHeaderLine(UnsafeRawBufferPointer(start: bytes, count: size * count))
            return size * count
        },
        write: { bytes, size, count, context in
            let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return Transfer.at(context)?.received(piece) == true ? piece.count : Int(CURL_WRITEFUNC_PAUSE)
        },
        read: { bytes, size, count, context in
            let buffer = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
            return Transfer.at(context)?.wantsBytes(buffer) ?? Int(CURL_READFUNC_ABORT)
        },
        seek: { context, offset, origin in
            guard origin == SEEK_SET, Transfer.at(context)?.rewinds(to: Int(offset)) == true else {
                return CURL_SEEKFUNC_FAIL
            }
            return CURL_SEEKFUNC_OK
        },
        progress: { context, _, down, _, up in
            Transfer.at(context)?.progressed(down: down, up: up)
            return 0
        },
        prerequest: { context, peer, _, _, _ in
            let peer = peer.map { String(cString: $0) } ?? ""
            return Transfer.at(context)?.requestBegins(at: peer) == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
    )

    private static func at(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }
}
