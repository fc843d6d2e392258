import Basics
import SurfaceConformance
import SurfaceKit

@testable import Matrix

/// A bot that receives, and people to meet it.
struct Scene: Sendable {
    let server: Synapse
    let robot: SynapseUser
    let ann: SynapseUser
    let state = MemoryState()
    let inbox: RecordingInbox
    let surface: MatrixSurface

    /// A bot that is in no room yet and has received once.
    ///
    /// - Parameter admits: Who has access; `nil` admits everybody.
    init(
        autoJoin: String = "allowed",
        respond: SurfaceAccess.Respond = .mention,
        strangersStay: Duration? = nil,
        clock: any System = OperatingSystem(),
        admits: (@Sendable (PersonID) async -> Bool)? = nil
    ) async throws {
        server = try Synapse()
        robot = try await server.register("robot")
        ann = try await server.register("ann")
        let access = SurfaceAccess(respond: respond, strangersStay: strangersStay) { await admits?($0) ?? true }
        let context = SurfaceContext.test(state: state, access: access, clock: clock)
        surface = MatrixSurface(options: .test(robot, autoJoin: autoJoin), context: context)
        inbox = RecordingInbox(state: state)
        try await inbox.catchUp(with: surface)
    }

    /// Receives until an event comes for which `condition` holds.
    @discardableResult
    func receive(_ condition: @escaping @Sendable (InboundEvent) async throws -> Bool) async throws -> InboundEvent {
        try await inbox.receive(from: surface) { await $0.first(condition) != nil }
        guard let event = await inbox.first(condition) else { throw EndedEarly() }
        return event
    }

    /// Receives until somebody has said `text`.
    @discardableResult
    func hear(_ text: String) async throws -> InboundMessage {
        try await inbox.receive(from: surface) { await $0.texts.contains(text) }
        guard let message = await inbox.messages.last(where: { $0.text == text }) else { throw EndedEarly() }
        return message
    }

    /// Receives until something else than a message is true.
    func receive(until condition: @escaping @Sendable () async throws -> Bool) async throws {
        try await inbox.receive(from: surface) { _ in (try? await condition()) ?? false }
    }

    /// A direct chat of Ann with the bot, which it has joined.
    func directChat() async throws -> String {
        let room = try await ann.createDirectChat(with: robot)
        try await ann.say("hello", in: room)
        try await hear("hello")
        return room
    }

    /// A room of Ann, the bot and `others`.
    func group(_ others: [SynapseUser] = []) async throws -> String {
        let room = try await ann.createRoom(["preset": "private_chat", "name": "A group"])
        for person in others + [robot] {
            try await ann.invite(person, to: room)
            try await person.join(room)
        }
        return room
    }
}

extension RecordingInbox {
    func first(_ condition: @Sendable (InboundEvent) async throws -> Bool) async -> InboundEvent? {
        for event in events where (try? await condition(event)) ?? false { return event }
        return nil
    }
}
