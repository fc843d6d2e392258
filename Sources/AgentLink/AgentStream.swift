import Basics
import HTTP

/// An accepted answer that has not been read yet.
struct AgentStream: Sendable {
    let body: HTTPBodyStream
    let decoder: any AgentDecoder
    let limits: AgentLimits
    let log: Log
}

/// Reads an answer as its consumer asks for events: a slow consumer slows the agent down instead of filling memory.
struct AgentStreamReader {
    /// `nil` once the run has ended: then the connection is closed.
    private var body: HTTPBodyStream.AsyncIterator?
    private var parser: ServerSentEventParser
    private var decoder: any AgentDecoder
    private var events: ArraySlice<AgentEvent> = []
    private var received = 0
    /// Events of the run so far.
    private var own = 0
    /// When the last of the run came, after it said how it ended.
    private var completed: ContinuousClock.Instant?
    private let limits: AgentLimits
    private let log: Log

    init(_ stream: AgentStream) {
        limits = stream.limits
        log = stream.log
        body = stream.body.makeAsyncIterator()
        parser = ServerSentEventParser(frameLimit: limits.frame)
        decoder = stream.decoder
    }

    mutating func next(isolation actor: isolated (any Actor)?) async throws(AgentError) -> AgentEvent? {
        while true {
            if let event = events.popFirst() { return event }
            if body == nil { return nil }
            switch decoder.progress {
            case .running:
                completed = nil
                try await read(isolation: actor)
            case .complete: try await drain(for: limits.grace)
            case .doubtful: try await drain(for: limits.pause)
            case .closed: finish(.closed)
            }
        }
    }

    // MARK: - Reading

    private mutating func read(isolation actor: isolated (any Actor)?) async throws(AgentError) {
        do {
            try takeOrClose(await body?.next(isolation: actor))
        } catch {
            try end(error)
        }
    }

    /// Reads on after the run has said how it ended, until nothing of it came for the time of grace: some servers leave
    /// the stream open, others say of each piece that it is the last.
    private mutating func drain(for grace: Duration) async throws(AgentError) {
        let since = completed ?? .now
        completed = since
        let left = ContinuousClock.now.duration(to: since + grace)
        guard let body, left > .zero else { return finish(.closed) }
        switch await Self.next(of: body, within: left) {
        case .success(let bytes?): takeOrClose(bytes)
        case .success(nil): takeOrClose(nil)
        case .failure(.cancelled) where !Task.isCancelled: finish(.closed)
        case .failure(let error): try end(error)
        }
    }

    /// The next piece; ``HTTPError/cancelled`` when there is none within `time`.
    private static func next(
        of body: HTTPBodyStream.AsyncIterator,
        within time: Duration
    ) async -> Result<[UInt8]?, HTTPError> {
        await withTaskGroup(of: Result<[UInt8]?, HTTPError>?.self) { group in
            group.addTask {
                var body = body
                do throws(HTTPError) { return .success(try await body.next()) } catch { return .failure(error) }
            }
            group.addTask {
                try? await Task.sleep(for: time)
                return nil
            }
            // When the time is over, cancelling closes the connection and ends the read.
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? .failure(.cancelled)
        }
    }

    private mutating func takeOrClose(_ bytes: [UInt8]?) {
        if let bytes { return take(bytes) }
        // Some servers leave out the empty line after their last event.
        take([UInt8(ascii: "\n"), UInt8(ascii: "\n")])
        if body != nil { finish(.closed) }
    }

    private mutating func take(_ bytes: [UInt8]) {
        received += bytes.count
        guard received <= limits.stream, let frames = try? parser.append(bytes) else { return finish(.tooLarge) }
        for frame in frames {
            events += decoder.decode(frame.data)
            let tally = decoder.tally
            if tally.own != own {
                own = tally.own
                completed = nil
            }
            guard tally.text <= limits.text, tally.events <= limits.events else { return finish(.tooLarge) }
        }
    }

    // MARK: - Ending

    private mutating func end(_ error: HTTPError) throws(AgentError) {
        switch error {
        case .cancelled: throw .cancelled
        case .tooLarge: finish(.tooLarge)
        case .timedOut: finish(.timedOut)
        case .interrupted, .notSent, .invalidRequest: finish(.lost)
        }
    }

    private mutating func finish(_ end: StreamEnd) {
        body = nil
        let last = decoder.finish(end)
        events += last
        report(last.last)
    }

    private func report(_ last: AgentEvent?) {
        guard case .ended(let outcome)? = last else { return }
        let tally = decoder.tally
        log.debug(
            "The agent’s run ended",
            [
                "ending": outcome.ending.name, "bytes": received, "events": tally.events, "text": tally.text,
                "messages": outcome.messages.count, "attachments": tally.attachments,
            ]
        )
        guard tally.unknown + tally.unreadable + tally.dropped > 0 else { return }
        log.debug(
            "The agent sent what was not understood",
            ["unknown": tally.unknown, "unreadable": tally.unreadable, "attachmentsDropped": tally.dropped]
        )
    }
}

extension AgentOutcome.Ending {
    /// For the log.
    fileprivate var name: String {
        switch self {
        case .finished: "finished"
        case .waitsForConfirmation: "waitsForConfirmation"
        case .cancelled: "cancelled"
        case .failed(let code): code.map { "failed: \($0)" } ?? "failed"
        case .truncated: "truncated"
        case .timedOut: "timedOut"
        case .tooLarge: "tooLarge"
        }
    }
}
