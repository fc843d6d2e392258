import SurfaceKit
import Synchronization
import Testing

/// The promises that every surface makes, one test each.
package enum SurfaceClause: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case saysWhoItIs = "says who it is"
    case deliversInOrder = "delivers what was said, in order"
    case deliversAgainWhatWasNotAccepted = "delivers again what the inbox did not accept"
    case goesOnAfterTheCheckpoint = "goes on where the checkpoint says, also after a restart"
    case hidesItsOwnMessages = "never reports what the bot itself said"
    case stopsWhenCancelled = "stops receiving when cancelled"
    case reportsEdits = "reports an edit as an edit, never as a second question"
    case reportsWithdrawals = "reports a withdrawn message"
    case keepsThreads = "keeps a conversation in its thread"
    case deliversFiles = "delivers a person's file byte for byte"
    case refusesLargeFiles = "refuses a file above the limit"
    case sends = "sends, edits and deletes a text"
    case answers = "shows which message a text answers"
    case sendsFiles = "sends a file byte for byte"
    case carriesAnyText = "carries any text both ways"
    case takesTheLongestText = "takes the longest text that it claims to take, also as an edit"
    case repeatsHarmlessly = "makes one message of one operation, however often it is performed"
    case showsTyping = "shows typing and marks messages as read"
    case reportsOverload = "reports overload as unavailable"
    case reportsBadCredentials = "reports bad credentials as unauthorized"
    case reportsRemoval = "reports a chat that it was removed from as gone"

    package var testDescription: String { rawValue }

    /// Tries the promise; when it is not kept, the last issue says what is to do, in one line.
    package func verify(on rig: some SurfaceRig) async {
        guard rig.lacks[self] == nil else { return }
        let isKept = Mutex(true)
        await withKnownIssue(isIntermittent: true) {
            do { try await hold(on: rig) } catch { Issue.record(error) }
        } matching: { _ in
            // Nothing is forgiven: this only learns of it.
            isKept.withLock { $0 = false }
            return false
        }
        if !isKept.withLock(\.self) { Issue.record("to do: it \(rawValue). \(advice)") }
    }

    private func hold(on rig: some SurfaceRig) async throws {
        switch self {
        case .saysWhoItIs: #expect(try await rig.makeSurface().identify().id == rig.bot)
        case .deliversInOrder: try await Receiving(rig).deliversInOrder()
        case .deliversAgainWhatWasNotAccepted: try await Receiving(rig).deliversAgainWhatWasNotAccepted()
        case .goesOnAfterTheCheckpoint: try await Receiving(rig).goesOnAfterTheCheckpoint()
        case .hidesItsOwnMessages: try await Receiving(rig).hidesItsOwnMessages()
        case .stopsWhenCancelled: try await Receiving(rig).stopsWhenCancelled()
        case .reportsEdits: try await Receiving(rig).reportsEdits()
        case .reportsWithdrawals: try await Receiving(rig).reportsWithdrawals()
        case .keepsThreads: try await Receiving(rig).keepsThreads()
        case .deliversFiles: try await Receiving(rig).deliversFiles()
        case .refusesLargeFiles: try await Receiving(rig).refusesLargeFiles()
        case .sends: try await Sending(rig).sends()
        case .answers: try await Sending(rig).answers()
        case .sendsFiles: try await Sending(rig).sendsFiles()
        case .carriesAnyText: try await Sending(rig).carriesAnyText()
        case .takesTheLongestText: try await Sending(rig).takesTheLongestText()
        case .repeatsHarmlessly: try await Sending(rig).repeatsHarmlessly()
        case .showsTyping: try await Sending(rig).showsTyping()
        case .reportsOverload: try await Failing(rig).reportsOverload()
        case .reportsBadCredentials: try await Failing(rig).reportsBadCredentials()
        case .reportsRemoval: try await Failing(rig).reportsRemoval()
        }
    }
}
