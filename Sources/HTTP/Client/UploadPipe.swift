import Synchronization

/// A streamed request body on its way from the task that makes it to the loop thread that sends it.
///
/// One part at a time: the next is made when the one before it is on its way, and the first when the server is
/// connected and the head of the request is sent.
final class UploadPipe: Sendable {
    /// What the loop gets when it asks for bytes.
    enum Bytes {
        case copied(Int)
        /// None yet: the loop pauses until it is resumed.
        case later
        case end
    }

    private struct State {
        var part: ArraySlice<UInt8> = []
        var isWanted = false
        var hasEnded = false
        /// Bytes given so far.
        var given = 0
        var maker: CheckedContinuation<Bool, Never>?
        var settledWaiter: CheckedContinuation<Void, Never>?
    }

    /// `next` did not keep to the length that it announced.
    private struct WrongLength: Error {}

    private let length: Int?
    private let state: Mutex<State>

    init(length: Int?) {
        self.length = length
        // Nobody asks for the bytes of an empty body.
        state = Mutex(State(hasEnded: length == 0))
    }

    // MARK: The task's side

    /// Waits until a part is wanted; false when none ever will be.
    func waitUntilWanted() async -> Bool {
        await withCheckedContinuation { maker in
            let answer: Bool? = state.withLock { state in
                if state.hasEnded { return false }
                if state.isWanted { return true }
                state.maker = maker
                return nil
            }
            if let answer { maker.resume(returning: answer) }
        }
    }

    /// Gives the next part; `nil` ends the body.
    func supply(_ part: [UInt8]?) throws {
        let waiter: CheckedContinuation<Void, Never>? = try state.withLock { state in
            state.given += part?.count ?? 0
            if let length {
                guard part == nil ? state.given == length : state.given <= length else { throw WrongLength() }
            }
            state.part = part.map { $0[...] } ?? []
            state.isWanted = false
            // libcurl asks for no more than was announced: the last byte is the end, without a `nil` after it.
            guard part == nil || state.given == length else { return nil }
            state.hasEnded = true
            return state.settledWaiter.take()
        }
        waiter?.resume()
    }

    /// What making a part failed with, as the error of the exchange.
    func failure(from error: any Error) -> HTTPError {
        let given = state.withLock { $0.given }
        return switch error {
        case is CancellationError: .cancelled
        case is WrongLength: .invalidRequest(reason: "the request body is not as long as announced")
        case _ where given == 0: .invalidRequest(reason: "the request body could not be made")
        default: .interrupted(reason: "the request body could not be made to its end")
        }
    }

    /// Waits until the body is given to its end, or nobody wants it any more.
    func settled() async {
        await withCheckedContinuation { waiter in
            let isSettled = state.withLock { state in
                if !state.hasEnded { state.settledWaiter = waiter }
                return state.hasEnded
            }
            if isSettled { waiter.resume() }
        }
    }

    // MARK: The loop's side

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Bytes {
        let (bytes, maker) = state.withLock { state in
            guard state.part.isEmpty else {
                let count = min(buffer.count, state.part.count)
                buffer.copyBytes(from: state.part.prefix(count))
                state.part.removeFirst(count)
                return (Bytes.copied(count), CheckedContinuation<Bool, Never>?.none)
            }
            guard !state.hasEnded else { return (.end, nil) }
            state.isWanted = true
            return (.later, state.maker.take())
        }
        maker?.resume(returning: true)
        return bytes
    }

    /// Ends the body where it is.
    func close() {
        let (maker, waiter) = state.withLock { state in
            state.hasEnded = true
            state.part = []
            return (state.maker.take(), state.settledWaiter.take())
        }
        maker?.resume(returning: false)
        waiter?.resume()
    }

    var hasEnded: Bool { state.withLock { $0.hasEnded } }
}
