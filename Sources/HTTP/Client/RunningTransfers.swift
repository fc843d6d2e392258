import CCurl

/// The transfers of the loop thread and the times at which they may be silent too long.
struct RunningTransfers {
    private let multi: UnsafeMutableRawPointer
    private var transfers: [ObjectIdentifier: Transfer] = [:]
    private var byHandle: [UnsafeMutableRawPointer: ObjectIdentifier] = [:]
    /// The earliest.
    private var nextDeadline: ContinuousClock.Instant?

    init(multi: UnsafeMutableRawPointer) { self.multi = multi }

    mutating func perform(_ command: TransferLoop.Command) {
        switch command {
        case .start(let request, let exchange): start(request, exchange)
        case .abandon(let exchange, let error): end(exchange, error)
        case .resumeReceiving(let exchange): transfers[ObjectIdentifier(exchange)]?.resumeReceiving()
        case .resumeSending(let exchange): transfers[ObjectIdentifier(exchange)]?.resumeSending()
        }
    }

    /// Moves what can move, and ends what has ended.
    mutating func work() {
        var running: Int32 = 0
        curl_multi_perform(multi, &running)
        var code = CURLE_OK
        while let handle = surfaces_curl_next_finished(multi, &code) {
            guard let id = byHandle[handle], let transfer = transfers[id] else { continue }
            end(transfer.exchange, transfer.error(for: code))
        }
        endSilent()
    }

    /// How long the loop may sleep for what libcurl does not know of.
    var millisecondsToNextDeadline: Int32 {
        guard let nextDeadline else { return .max }
        let left = ContinuousClock.now.duration(to: nextDeadline)
        return left > .zero ? Int32(clamping: left.wholeMilliseconds) : 0
    }

    private mutating func start(_ request: PreparedRequest, _ exchange: Exchange) {
        // Cancelled before it began.
        guard !exchange.response.hasEnded else { return }
        let transfer = Transfer(request, exchange)
        guard transfer.prepare(), let handle = transfer.handle, curl_multi_add_handle(multi, handle) == CURLM_OK else {
            exchange.finish(.invalidRequest(reason: "libcurl refuses the request"))
            return
        }
        transfers[ObjectIdentifier(exchange)] = transfer
        byHandle[handle] = ObjectIdentifier(exchange)
    }

    private mutating func end(_ exchange: Exchange, _ error: HTTPError?) {
        if let transfer = transfers.removeValue(forKey: ObjectIdentifier(exchange)), let handle = transfer.handle {
            byHandle[handle] = nil
            curl_multi_remove_handle(multi, handle)
            transfer.close()
        }
        if !exchange.response.hasEnded { exchange.finish(error) }
    }

    private mutating func endSilent() {
        let now = ContinuousClock.now
        if let nextDeadline, nextDeadline <= now {
            for transfer in transfers.values where transfer.idleDeadline.map({ $0 <= now }) == true {
                let silence = transfer.request.timeouts.idle ?? .zero
                end(transfer.exchange, .timedOut(reason: "nothing was sent or received for \(silence)"))
            }
        }
        nextDeadline = transfers.values.compactMap(\.idleDeadline).min()
    }
}
