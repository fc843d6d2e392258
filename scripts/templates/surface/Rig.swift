import Basics
import SurfaceConformance
import SurfaceKit

@testable import @MODULE@

/// The @MODULE@ surface on a messenger that the test controls.
struct @MODULE@Rig: SurfaceRig {
    let bot: PersonID = "bot"
    let person: PersonID = "person"
    let conversation = ConversationAddress(chat: "chat")
    let state = MemoryState()

    /// Serves a messenger of its own for as long as `body` runs.
    static func run(_ body: @Sendable (@MODULE@Rig) async throws -> Void) async throws {
        try await body(@MODULE@Rig())
    }

    func makeSurface() -> @MODULE@Surface {
        @MODULE@Surface(
            options: @MODULE@Options(OptionValues(["token": .secret(Secret("token"))])),
            context: SurfaceContext(
                id: "@NAME@",
                log: .silent,
                system: OperatingSystem(),
                state: state,
                access: SurfaceAccess(respond: .mention) { _ in true },
                proxy: nil
            )
        )
    }

    func say(_ text: String) async throws -> MessageID {
        throw NotWritten("say() has the person write, and names the message")
    }

    func send(_ file: SampleFile, caption: String?) async throws {
        throw NotWritten("send() has the person send a file")
    }

    func change(_ message: MessageID, to text: String) async throws {
        throw NotWritten("change() has the person edit a message")
    }

    func withdraw(_ message: MessageID) async throws {
        throw NotWritten("withdraw() has the person delete a message")
    }

    func sayInThread(_ text: String) async throws -> ConversationAddress? {
        throw NotWritten("sayInThread() has the person write in a thread; nil where the messenger has none")
    }

    func transcript() async throws -> [ShownMessage] {
        throw NotWritten("transcript() tells what the person sees of the bot's messages")
    }

    func fail(with failure: MessengerFailure) async throws {
        throw NotWritten("fail() makes the messenger fail: \(failure)")
    }
}

/// A part of the rig that does not exist yet.
private struct NotWritten: Error, CustomStringConvertible {
    let description: String

    init(_ what: String) { description = "the rig is not written yet: \(what)" }
}
