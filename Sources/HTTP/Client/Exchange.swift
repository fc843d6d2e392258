/// Where the task that makes a request and the loop thread that performs it meet.
final class Exchange: Sendable {
    let upload: UploadPipe
    let response = ResponsePipe()
    private let loop: TransferLoop

    init(on loop: TransferLoop, streamLength: Int?) {
        self.loop = loop
        upload = UploadPipe(length: streamLength)
    }

    func start(_ request: PreparedRequest) { loop.post(.start(request, self)) }

    /// Closes the connection, unless the exchange has ended.
    func cancel() { end(with: .cancelled) }

    /// Gives a response head, and meanwhile sends the parts that `next` makes.
    func head(
        sending next: @escaping @Sendable () async throws -> [UInt8]?
    ) async -> Result<ResponseHead, HTTPError> {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.send(next) }
            let head = await response.head()
            await upload.settled()
            group.cancelAll()
            return head
        }
    }

    private func send(_ next: @Sendable () async throws -> [UInt8]?) async {
        while await upload.waitUntilWanted() {
            do {
                let part = try await next()
                try upload.supply(part)
                loop.post(.resumeSending(self))
                if part == nil { return }
            } catch {
                // When nobody wanted the rest, making it was cancelled, not the exchange.
                guard !upload.hasEnded else { return }
                end(with: upload.failure(from: error))
                return
            }
        }
    }

    /// The next piece of the response's body; `nil` at its end.
    func nextPiece() async -> Result<[UInt8]?, HTTPError> {
        let piece = await response.nextPiece()
        if piece.wasPaused { loop.post(.resumeReceiving(self)) }
        return piece.bytes
    }

    /// Says that nobody wants the rest of the request's body.
    func stopUpload() {
        upload.close()
        // A paused transfer would wait for it for ever.
        loop.post(.resumeSending(self))
    }

    private func end(with error: HTTPError) {
        if !response.hasEnded { loop.post(.abandon(self, error)) }
    }

    /// Says that the loop is done with it: nothing of it is open any more.
    func finish(_ error: HTTPError?) {
        upload.close()
        response.finish(error)
    }
}
