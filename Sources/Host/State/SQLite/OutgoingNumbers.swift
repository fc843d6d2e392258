import Basics

/// The numbers of turns, posts and contexts, by which messengers and agents know things.
///
/// They name operations (`s17.0`), an agent’s messages (`q17`), drafts and threads. A messenger takes a name that it knows
/// for a repetition and drops the message; so no number is given twice, not even by a state that was restored from a
/// backup and knows nothing of what was given after it was made. Therefore each opening lets the numbers go on at the
/// time, in microseconds for turns and posts, which nobody can use up as fast as it passes: what any state gave before
/// is smaller. With a clock that was set back they skip ahead by chance instead. What a backup holds keeps its numbers:
/// what it owes is still sent under the same names. They stay below 2⁵³, which JSON holds exactly.
enum OutgoingNumbers {
    private static let largest: Int64 = 1 << 53
    /// How far the numbers skip at most when the clock does not help: 18 minutes.
    private static let skips: ClosedRange<Int64> = 1...(1 << 30)

    /// Lets the numbers of `database` go on where no other copy of it has been.
    static func advance(in database: Database, now: Timestamp) throws(StateError) {
        do {
            try database.transaction { database in
                for table in ["turn", "post"] { try advance(table, in: database, now) }
                try advanceContexts(in: database, now)
            }
        } catch let error as StateError {
            throw error
        } catch {
            throw .failed(reason: "\(error)")
        }
    }

    private static func advance(_ table: String, in database: Database, _ now: Timestamp) throws(StateError) {
        let last = try database.run("SELECT seq FROM sqlite_sequence WHERE name = ?", .text(table)).first?.integer(
            "seq"
        )
        let (time, overflows) = now.milliseconds.multipliedReportingOverflow(by: 1000)
        var random = database.system.random
        // Two copies may be opened within one millisecond.
        let start = overflows || time > largest ? 0 : time + .random(in: 0..<1000, using: &random)
        let next = SQLValue(try next(after: last ?? 0, time: start, &random))
        if last == nil {
            try database.run("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", .text(table), next)
        } else {
            try database.run("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", next, .text(table))
        }
    }

    /// A new context takes the time by itself, unless the clock is behind the last one.
    private static func advanceContexts(in database: Database, _ now: Timestamp) throws(StateError) {
        let last = try database.run("SELECT id FROM last_context").first?.integer("id") ?? 0
        guard last >= now.milliseconds else { return }
        var random = database.system.random
        try database.run("UPDATE last_context SET id = ?", SQLValue(try next(after: last, time: 0, &random)))
    }

    private static func next(
        after last: Int64,
        time: Int64,
        _ random: inout SystemRandom
    ) throws(StateError) -> Int64 {
        if time > last { return time }
        guard last < largest - skips.upperBound else {
            throw .unusable(reason: "the numbers of the state are used up: restore a backup")
        }
        return last + .random(in: skips, using: &random)
    }
}
