import State

/// What a transaction of the inbox did, in numbers.
package struct IntakeTally: Hashable, Sendable {
    /// Messages of people that were for the bot.
    package var accepted = 0
    /// Events that had been taken before.
    package var duplicates = 0
    /// Events of people without access.
    package var strangers = 0
    /// Events that could not be taken.
    package var setAside = 0
    /// Of questions that had not reached the agent.
    package var endings: [TurnRecord.Ending] = []

    package init() {}
}
