import AgentLink
import Basics
import SurfaceKit

@testable import State

/// A chat, or a thread of it, that is on a context of its own.
struct Scene {
    let database: Database
    let conversation: ConversationID
    let context: ContextID

    init(_ database: Database, thread: ThreadID? = nil) throws {
        self.database = database
        let room = ContextOwner.group("room", on: "a")
        let address = ConversationAddress(chat: "room", thread: thread)
        conversation = try database.conversation(on: "a", at: address, kind: .group, language: nil).id
        context = try database.makeContext(owner: room, origin: room, surface: "a", now: .now)
        try database.setContext(context, of: conversation)
    }

    func turn(at time: Timestamp = .now) throws -> TurnID {
        try database.addTurn(
            in: conversation,
            of: context,
            message: "m",
            sender: "ann",
            question: Question(text: "hi", files: []),
            now: time
        )
    }

    /// One that is over in every way: its exchange is remembered, its answer delivered.
    func answeredTurn(at time: Timestamp = .now, file: String? = nil) throws -> TurnID {
        let turn = try turn(at: time)
        let parts = file.map { name in
            [
                AgentPart.file(
                    AgentFile(kind: .image, source: .path("\(turn)/\(name)"), mimeType: "image/png", name: "a")
                )
            ]
        }
        try database.addToTranscript(
            [
                AgentMessage(id: "q", role: .user, parts: parts ?? [.text("hi")]),
                AgentMessage(id: "a", role: .assistant, parts: [.text("ho")]),
            ],
            of: turn,
            to: context
        )
        try database.owe(NewPost(.text(MessageText("ho")), in: conversation, turn: turn), now: time)
        try database.endTurn(turn, as: .answered, now: time)
        for post in try database.posts(of: turn) { try database.settle(post.id, as: .delivered, now: time) }
        return turn
    }
}
