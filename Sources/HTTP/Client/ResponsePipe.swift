import Synchronization

/// A response on its way from the loop thread to the task that reads it.
final class ResponsePipe: Sendable {
    /// What is kept for a reader who is behind, before the transfer is paused.
    private static let capacity = 256 << 10

    typealias Head = Result<ResponseHead, HTTPError>
    /// The next bytes, or `nil` at the body's end; and whether the transfer was paused because of them.
    typealias Piece = (bytes: Result<[UInt8]?, HTTPError>, wasPaused: Bool)

    private struct State {
        var head: Head?
        var unread: [UInt8] = []
        var isPaused = false
        /// `.success` when the body is complete.
        var outcome: Result<Void, HTTPError>?
        var headReader: CheckedContinuation<Head, Never>?
        var pieceReader: CheckedContinuation<Piece, Never>?

        /// What a reader gets now; `nil` when it has to wait.
        mutating func nextPiece() -> Piece? {
            guard unread.isEmpty else {
                defer {
                    unread = []
                    isPaused = false
                }
                return (.success(unread), isPaused)
            }
            return outcome.map { ($0.map { nil }, false) }
        }

        /// The reader that waits, when there is something for it.
        mutating func takeReader() -> (CheckedContinuation<Piece, Never>, Piece)? {
            guard let reader = pieceReader, let piece = nextPiece() else { return nil }
            pieceReader = nil
            return (reader, piece)
        }
    }

    private let state = Mutex(State())

    /// Nothing more will come from the loop.
    var hasEnded: Bool { state.withLock { $0.outcome != nil } }

    // MARK: The task's side

    func head() async -> Head {
        await withCheckedContinuation { reader in
            let head = state.withLock { state in
                if state.head == nil { state.headReader = reader }
                return state.head
            }
            if let head { reader.resume(returning: head) }
        }
    }

    func nextPiece() async -> Piece {
        await withCheckedContinuation { reader in
            let piece = state.withLock { state in
                let piece = state.nextPiece()
                if piece == nil { state.pieceReader = reader }
                return piece
            }
            if let piece { reader.resume(returning: piece) }
        }
    }

    // MARK: The loop's side

    func begin(_ head: ResponseHead) {
        let reader = state.withLock { state in
            state.head = .success(head)
            return state.headReader.take()
        }
        reader?.resume(returning: .success(head))
    }

    /// Takes bytes of the body, or refuses them when the reader is behind: then the transfer has to pause.
    func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let waiting: (CheckedContinuation<Piece, Never>, Piece)?
        let isAccepted: Bool
        (isAccepted, waiting) = state.withLock { state in
            guard state.unread.count < Self.capacity else {
                state.isPaused = true
                return (false, nil)
            }
            state.unread.append(contentsOf: bytes)
            return (true, state.takeReader())
        }
        if let (reader, piece) = waiting { reader.resume(returning: piece) }
        return isAccepted
    }

    func finish(_ error: HTTPError?) {
        let head: Head = .failure(error ?? .interrupted(reason: "the server sent no response"))
        let (headReader, waiting) = state.withLock { state in
            // Nobody reads on after cancelling.
            if error == .cancelled { state.unread = [] }
            state.outcome = error.map { .failure($0) } ?? .success(())
            if state.head == nil { state.head = head }
            return (state.headReader.take(), state.takeReader())
        }
        headReader?.resume(returning: head)
        if let (reader, piece) = waiting { reader.resume(returning: piece) }
    }
}
