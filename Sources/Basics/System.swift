/// What the host takes from outside by itself: the time, chance, and threads.
///
/// Everything in Host is given one instead of asking the operating system, so that a test can play it in a time of its
/// own and from a seed.
package protocol System: Sendable {
    /// The time of the calendar; somebody may set it, also back.
    var now: Timestamp { get }

    /// The time that only passes.
    var instant: ContinuousClock.Instant { get }

    /// Returns at `deadline`.
    ///
    /// - Throws: `CancellationError` when cancelled before.
    func sleep(until deadline: ContinuousClock.Instant) async throws

    /// 64 bits that nobody can predict.
    func randomBits() -> UInt64

    /// A thread for work that blocks; `nil` when there is none to be had.
    func makeWorker() -> (any Worker)?

    /// Where tasks run that are nobody’s children; `nil` for the cooperative pool.
    var executor: (any TaskExecutor)? { get }
}

extension System {
    package var executor: (any TaskExecutor)? { nil }

    /// Returns after `duration`.
    ///
    /// - Throws: `CancellationError` when cancelled before.
    package func sleep(for duration: Duration) async throws { try await sleep(until: instant + duration) }

    /// `length` characters of `alphabet`, each equally likely, that nobody can predict.
    ///
    /// - Parameter alphabet: ASCII; the default is safe in URLs, headers and file names, 6 bits a character.
    package func randomToken(
        length: Int,
        alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    ) -> String {
        var generator = random
        return Basics.randomToken(length: length, alphabet: alphabet, using: &generator)
    }

    /// A UUID of version 4 (RFC 9562), in lower case.
    package func randomUUID() -> String {
        var bytes = [randomBits(), randomBits()].flatMap { bits in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bits >> UInt64($0)) }
        }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = hex(bytes)
        var groups: [Substring] = []
        var rest = digits[...]
        for length in [8, 4, 4, 4, 12] {
            groups.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return groups.joined(separator: "-")
    }

    /// Chance for what takes a generator.
    package var random: SystemRandom { SystemRandom(system: self) }
}

/// The random numbers of a ``System``.
package struct SystemRandom: RandomNumberGenerator, Sendable {
    let system: any System

    package mutating func next() -> UInt64 { system.randomBits() }
}

/// The system that this process runs on.
package struct OperatingSystem: System {
    package init() {}

    package var now: Timestamp { .now }
    package var instant: ContinuousClock.Instant { .now }

    package func sleep(until deadline: ContinuousClock.Instant) async throws {
        try await Task.sleep(until: deadline, clock: .continuous)
    }

    package func randomBits() -> UInt64 {
        // getrandom: cannot fail, needs no seeding.
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    package func makeWorker() -> (any Worker)? { WorkerThread() }
}
