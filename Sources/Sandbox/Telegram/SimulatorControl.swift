import Basics
import HTTP

/// Lets another process act as the people in a simulated Telegram: `POST /control/VERB` with a JSON object.
package struct SimulatorControl: Sendable {
    private let simulator: TelegramSimulator

    package init(_ simulator: TelegramSimulator) { self.simulator = simulator }

    package func answer(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        let verb = request.path.split(separator: "/").dropFirst().joined(separator: "/")
        let body = request.body.isEmpty ? .object(JSONObject()) : (try? JSONValue(parsing: request.body))
        guard let body, let result = await perform(verb, body) else {
            return .json(["error": .string("cannot do \(verb)")], status: 400)
        }
        return .json(result)
    }

    private func perform(_ verb: String, _ body: JSONValue) async -> JSONValue? {
        switch verb {
        case "user", "group", "topic", "migrate", "close": return await set(up: verb, body)
        case "say", "post", "files", "edit", "stop", "inject", "jump", "repeat": return await speak(verb, body)
        case "fault", "faults/clear", "intrude", "webhook", "settings": return await disturb(verb, body)
        case "chat": return await chat(body["chat"]?.int64 ?? 0)
        case "calls": return .array(await simulator.calls.map(\.json))
        case "violations": return .array(await simulator.violations.map { .string($0) })
        case "updates": return ["unconfirmed": JSONValue(await simulator.unconfirmedUpdates)]
        default: return nil
        }
    }

    // MARK: Chats

    private func set(up verb: String, _ body: JSONValue) async -> JSONValue? {
        let chat = body["chat"]?.int64 ?? 0
        switch verb {
        case "user":
            guard let id = body["id"]?.int64 else { return nil }
            let user = SimulatedUser(
                id: id,
                firstName: body["name"]?.string ?? "User \(id)",
                username: body["username"]?.string,
                language: body["language"]?.string ?? "en"
            )
            if body["direct"]?.bool != false {
                await simulator.addDirectChat(with: user)
            } else {
                await simulator.add(user)
            }
        case "group":
            await simulator.addGroup(
                chat,
                title: body["title"]?.string ?? "Group",
                isForum: body["forum"]?.bool ?? false
            )
        case "topic":
            return ["thread": JSONValue(await simulator.addTopic(body["name"]?.string ?? "Topic", in: chat))]
        case "migrate": await simulator.migrate(chat, to: body["to"]?.int64 ?? 0)
        default: await simulator.close(chat, as: body["status"]?.string)
        }
        return ["ok": true]
    }

    // MARK: People

    private func speak(_ verb: String, _ body: JSONValue) async -> JSONValue? {
        let chat = body["chat"]?.int64 ?? 0
        let user = body["user"]?.int64 ?? chat
        let thread = body["thread"]?.int64
        switch verb {
        case "say":
            guard let text = body["text"]?.string else { return nil }
            let number = await simulator.say(
                text,
                in: chat,
                by: user,
                thread: thread,
                replyTo: body["reply_to"]?.int64,
                extra: body["extra"]?.object ?? JSONObject()
            )
            return ["message": JSONValue(number)]
        case "post":
            guard let content = body["content"]?.object else { return nil }
            return ["message": JSONValue(await simulator.post(content, in: chat, by: user, thread: thread))]
        case "files":
            let contents = (body["files"]?.array ?? []).map { file in
                (
                    kind: file["kind"]?.string ?? "document", name: file["name"]?.string ?? "file.bin",
                    mimeType: file["mime_type"]?.string ?? "application/octet-stream",
                    bytes: Array((file["text"]?.string ?? "").utf8), caption: file["caption"]?.string
                )
            }
            return ["message": JSONValue(await simulator.send(contents, in: chat, by: user, thread: thread))]
        case "edit": await simulator.change(body["message"]?.int64 ?? 0, in: chat, to: body["text"]?.string ?? "")
        case "stop": return ["pressed": .bool(await simulator.pressStop(in: chat, thread: thread))]
        case "inject": await simulator.inject(body["kind"]?.string ?? "message", body["content"] ?? .null)
        case "jump": await simulator.jumpUpdates(to: body["to"]?.int64 ?? 1)
        default: await simulator.repeatLastUpdate()
        }
        return ["ok": true]
    }

    private func chat(_ id: Int64) async -> JSONValue {
        let messages = await simulator.messages(in: id)
        let draft = await simulator.draft(in: id)
        return [
            "messages": .array(await shown(messages)), "draft": draft.map { .string($0.text) } ?? .null,
            "draft_texts": .array(await simulator.draftTexts(in: id).map { .string($0) }),
        ]
    }

    private func shown(_ messages: [SimulatedMessage]) async -> [JSONValue] {
        var shown: [JSONValue] = []
        for message in messages {
            let bytes: [UInt8]? = if let file = message.media?.file { await simulator.bytes(of: file) } else { nil }
            shown.append(message.shown(sha256: bytes.map { hex(sha256($0)) }))
        }
        return shown
    }

    // MARK: Trouble

    private func disturb(_ verb: String, _ body: JSONValue) async -> JSONValue? {
        switch verb {
        case "fault":
            guard let fault = SimulatorFault(body) else { return nil }
            await simulator.add(fault)
        case "faults/clear": await simulator.clearFaults()
        case "intrude": await simulator.intrude()
        case "webhook": await simulator.setForeignWebhook(body["url"]?.string)
        default: await simulator.change { $0.apply(body) }
        }
        return ["ok": true]
    }
}

extension SimulatorSettings {
    fileprivate mutating func apply(_ body: JSONValue) {
        perChat = Budget(body["per_chat"]) ?? perChat
        perGroup = Budget(body["per_group"]) ?? perGroup
        overall = Budget(body["overall"]) ?? overall
        retryAfter = body["retry_after"]?.int64 ?? retryAfter
        hasTopics = body["has_topics"]?.bool ?? hasTopics
        slowsRepeatedPolls = body["slows_repeated_polls"]?.bool ?? slowsRepeatedPolls
        knowsToken = body["knows_token"]?.bool ?? knowsToken
        servesFiles = body["serves_files"]?.bool ?? servesFiles
        localFiles = body["local_files"]?.string ?? localFiles
        downloadLimit = body["download_limit"]?.int64.map(Int.init) ?? downloadLimit
        draftLasts = body["draft_seconds"]?.double.map { .seconds($0) } ?? draftLasts
        if let names = body["unknown_methods"]?.array { unknownMethods = Set(names.compactMap(\.string)) }
    }
}

extension SimulatedMessage {
    fileprivate func shown(sha256: String?) -> JSONValue {
        var json = JSONObject()
        json["message_id"] = JSONValue(id)
        json["thread"] = thread.map { JSONValue($0) }
        json["from_bot"] = .bool(fromBot)
        json["text"] = .string(text)
        json["reply_to"] = replyTo.map { JSONValue($0) }
        json["versions"] = .array(versions.map { .string($0) })
        json["entities"] = .array(entities.compactMap { try? JSONValue(parsing: $0.utf8) })
        json["file"] = media.map { media in
            [
                "kind": .string(media.kind), "name": .string(media.name), "size": JSONValue(media.size),
                "sha256": .string(sha256 ?? ""),
            ]
        }
        return .object(json)
    }
}

extension TelegramSimulator: SimulatedMessenger {
    package nonisolated func control(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        await SimulatorControl(self).answer(request)
    }

    /// Nothing that it tells a bot holds its address.
    package nonisolated func serve(at address: String) async {}
}
