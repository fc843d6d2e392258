import Basics
import Foundation
import SurfaceConformance
import SurfaceKit
import Testing

@testable import Matrix

/// The Matrix surface on a real Synapse, with a bot and a person of its own.
struct MatrixRig: SurfaceRig {
    let robot: SynapseUser
    let human: SynapseUser
    let room: String
    let state = MemoryState()

    init(_ server: Synapse) async throws {
        robot = try await server.register("bot")
        human = try await server.register("ann")
        room = try await human.createDirectChat(with: robot)
        try await robot.join(room)
    }

    var bot: PersonID { PersonID(robot.id) }
    var person: PersonID { PersonID(human.id) }
    var conversation: ConversationAddress { ConversationAddress(chat: ChatID(room)) }

    func makeSurface() -> MatrixSurface { MatrixSurface(options: .test(robot), context: .test(state: state)) }

    func say(_ text: String) async throws -> MessageID { MessageID(try await human.say(text, in: room)) }

    func send(_ file: SampleFile, caption: String?) async throws {
        let address = try await human.server.upload(
            file.bytes,
            name: file.name,
            mimeType: file.mimeType,
            token: human.token
        )
        try await human.send(
            [
                "msgtype": "m.file", "body": .string(caption ?? file.name), "filename": .string(file.name),
                "url": .string(address),
                "info": ["mimetype": .string(file.mimeType), "size": JSONValue(file.bytes.count)],
            ],
            to: room
        )
    }

    func change(_ message: MessageID, to text: String) async throws {
        try await human.send(
            [
                "msgtype": "m.text", "body": .string("* " + text),
                "m.new_content": ["msgtype": "m.text", "body": .string(text)],
                "m.relates_to": ["rel_type": "m.replace", "event_id": .string(message.rawValue)],
            ],
            to: room
        )
    }

    func withdraw(_ message: MessageID) async throws { try await human.redact(message.rawValue, in: room) }

    func sayInThread(_ text: String) async throws -> ConversationAddress? {
        let root = try await human.say("the root", in: room)
        let relation: JSONValue = [
            "rel_type": "m.thread", "event_id": .string(root), "is_falling_back": true,
            "m.in_reply_to": ["event_id": .string(root)],
        ]
        try await human.say(text, in: room, relation: relation)
        return ConversationAddress(chat: ChatID(room), thread: ThreadID(root))
    }

    func transcript() async throws -> [ShownMessage] {
        var shown: [ShownMessage] = []
        for event in try await human.messages(of: robot, in: room) {
            let original = try #require(event["content"])
            let newest = event["unsigned"]?["m.relations"]?["m.replace"]?["content"]?["m.new_content"] ?? original
            let relation = MessageRelation(original["m.relates_to"])
            shown.append(
                ShownMessage(
                    id: MessageID(event["event_id"]?.string ?? ""),
                    conversation: ConversationAddress(
                        chat: ChatID(room),
                        thread: relation.thread.map { ThreadID($0) }
                    ),
                    text: newest["formatted_body"]?.string.map(Self.characters) ?? newest["body"]?.string ?? "",
                    file: try await file(newest["url"]?.string),
                    replyTo: relation.reply.map { MessageID($0) }
                )
            )
        }
        return shown
    }

    func fail(with failure: MessengerFailure) async throws {
        switch failure {
        case .overloaded: try await robot.server.allow(1, to: robot)
        case .badCredentials: try await robot.call("POST", "/logout", [:])
        case .removed: try await human.kick(robot, from: room)
        }
    }

    private func file(_ address: String?) async throws -> [UInt8]? {
        guard let media = address.flatMap({ MediaAddress($0) }) else { return nil }
        return try await human.server.bytes(
            "/_matrix/client/v1/media/download/\(media.server)/\(media.id)",
            token: human.token
        )
    }

    /// What is left of HTML when nobody interprets it.
    static func characters(_ html: String) -> String {
        html.replacing(/<br>/, with: "\n").replacing(/<[^>]*>/, with: "").replacing("&lt;", with: "<")
            .replacing("&gt;", with: ">").replacing("&quot;", with: "\"").replacing("&amp;", with: "&")
    }
}

extension Synapse {
    /// Limits what `user` may send to one message at a time and `rate` each second.
    func allow(_ rate: Int64, to user: SynapseUser) async throws {
        let admin = try await register("admin", asAdmin: true)
        _ = try await call(
            "POST",
            "/_synapse/admin/v1/users/\(user.id.percentEncoded)/override_ratelimit",
            ["messages_per_second": .number(JSONNumber(rate)), "burst_count": 1],
            token: admin.token
        )
    }
}

extension Synapse {
    func setPassword(_ password: String, of user: SynapseUser) async throws {
        let admin = try await register("admin", asAdmin: true)
        let path = "/_synapse/admin/v2/users/\(user.id.percentEncoded)"
        let body: JSONValue = ["password": .string(password), "logout_devices": false]
        _ = try await call("PUT", path, body, token: admin.token)
    }
}

extension MatrixOptions {
    static func test(_ user: SynapseUser, autoJoin: String = "allowed") -> MatrixOptions {
        MatrixOptions(
            OptionValues([
                "homeserver": .string(user.server.url), "accessToken": .secret(Secret(user.token)),
                "autoJoin": .string(autoJoin),
            ])
        )
    }
}

extension SurfaceContext {
    static func test(
        state: any SurfaceState = MemoryState(),
        access: SurfaceAccess = SurfaceAccess(respond: .mention) { _ in true },
        clock: any System = OperatingSystem()
    ) -> SurfaceContext {
        SurfaceContext(id: "matrix", log: .silent, system: clock, state: state, access: access, proxy: nil)
    }
}
