import CCurl

/// One exchange as the loop thread sees it; nothing here is touched by another thread.
final class Transfer {
    let exchange: Exchange
    let request: PreparedRequest
    /// libcurl's handle, which knows this object by an unretained pointer, so it goes first.
    private(set) var handle: UnsafeMutableRawPointer?
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    private var headParser = ResponseHeadParser()
    private var sent = 0
    private var requestsBegun = 0
    private var isReceivingPaused = false
    private var isSendingPaused = false
    private var progress: (down: curl_off_t, up: curl_off_t) = (0, 0)
    private var lastActivity = ContinuousClock.now
    /// Why a callback ended the transfer.
    private var ownError: HTTPError?

    init(_ request: PreparedRequest, _ exchange: Exchange) {
        self.request = request
        self.exchange = exchange
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        close()
        curl_slist_free_all(headerList)
        errorText.deallocate()
    }

    /// Lets go of the libcurl handle, which must be out of the set of transfers.
    func close() {
        curl_easy_cleanup(handle)
        handle = nil
    }

    /// Makes the libcurl handle; false when it refuses a setting.
    func prepare() -> Bool {
        guard let handle = curl_easy_init() else { return false }
        self.handle = handle
        for line in request.headerLines { headerList = curl_slist_append(headerList, line) ?? headerList }
        surfaces_curl_set_error_buffer(handle, errorText)
        surfaces_curl_set_callbacks(handle, Self.callbacks, Unmanaged.passUnretained(self).toOpaque())
        surfaces_curl_set_list(handle, CURLOPT_HTTPHEADER, headerList)
        return request.apply(to: handle)
    }

    /// What became of it, by libcurl's result.
    func error(for code: CURLcode) -> HTTPError? {
        if let ownError { return ownError }
        guard code != CURLE_OK else { return nil }
        return HTTPError(
            code,
            detail: String(cString: errorText),
            requestBegan: requestsBegun > 0,
            usesProxy: request.configuration.proxy != nil
        )
    }

    /// When the peer's silence is too long; `nil` while it is not the peer we wait for.
    var idleDeadline: ContinuousClock.Instant? {
        guard requestsBegun > 0, !isReceivingPaused, !isSendingPaused else { return nil }
        return request.timeouts.idle.map { lastActivity + $0 }
    }

    // MARK: Pauses

    func resumeReceiving() {
        isReceivingPaused = false
        applyPauses()
    }

    func resumeSending() {
        isSendingPaused = false
        applyPauses()
    }

    private func applyPauses() {
        lastActivity = .now
        // libcurl calls back from inside: a callback may pause again.
        let paused = (isReceivingPaused ? CURLPAUSE_RECV : 0) | (isSendingPaused ? CURLPAUSE_SEND : 0)
        if let handle { curl_easy_pause(handle, paused) }
    }

    // MARK: Called by libcurl

    func requestBegins(at peer: String) -> Bool {
        if let admits = request.configuration.admits, !admits(peer) {
            ownError = .invalidRequest(reason: "the server's address is not one that may be asked")
            return false
        }
        requestsBegun += 1
        lastActivity = .now
        // libcurl repeats by itself on a new connection what a kept one swallowed. The server may have acted on it.
        guard requestsBegun == 1 || ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"].contains(request.method) else {
            ownError = .interrupted(reason: "the server closed a kept connection without an answer")
            return false
        }
        return true
    }

    func progressed(down: curl_off_t, up: curl_off_t) {
        guard progress != (down, up) else { return }
        progress = (down, up)
        lastActivity = .now
    }

    func receivedHeaderLine(_ line: UnsafeRawBufferPointer) {
        lastActivity = .now
        guard let head = headParser.take(line) else { return }
        // libcurl stops sending too, but not always when it is paused.
        if head.status >= 300, case .stream = request.body { exchange.stopUpload() }
        exchange.response.begin(head)
    }

    func received(_ bytes: UnsafeRawBufferPointer) -> Bool {
        lastActivity = .now
        isReceivingPaused = !exchange.response.append(bytes)
        return !isReceivingPaused
    }

    func wantsBytes(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        switch request.body {
        case .none, .bytes: return 0
        case .parts(let parts):
            guard let count = parts.read(into: buffer, at: sent) else {
                ownError = .interrupted(reason: "a file became shorter while it was sent")
                return Int(CURL_READFUNC_ABORT)
            }
            sent += count
            return count
        case .stream:
            switch exchange.upload.read(into: buffer) {
            case .copied(let count): return count
            case .end: return 0
            case .later:
                isSendingPaused = true
                return Int(CURL_READFUNC_PAUSE)
            }
        }
    }

    func rewinds(to offset: Int) -> Bool {
        guard case .parts = request.body else { return false }
        sent = offset
        return true
    }
}
