import Basics
import HTTP

/// Lets another process act as the people in a simulated MAX: `POST /control/VERB` with a JSON object.
struct MaxControl: Sendable {
    private let simulator: MaxSimulator

    init(_ simulator: MaxSimulator) { self.simulator = simulator }

    func answer(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        let verb = request.path.split(separator: "/").dropFirst().joined(separator: "/")
        let body = request.body.isEmpty ? .object(JSONObject()) : (try? JSONValue(parsing: request.body))
        guard let body, let result = await perform(verb, body) else {
            return .json(["error": .string("cannot do \(verb)")], status: 400)
        }
        return .json(result)
    }

    private func perform(_ verb: String, _ body: JSONValue) async -> JSONValue? {
        switch verb {
        case "user", "group", "start", "stop", "added", "removed", "close": return await set(up: verb, body)
        case "say", "files", "forward", "voice", "edit", "withdraw", "press", "inject", "repeat":
            return await speak(verb, body)
        case "fault", "faults/clear", "webhook", "unsubscribe", "expire", "settings": return await disturb(verb, body)
        case "chat": return await chat(body["chat"]?.int64 ?? 0)
        case "calls": return .array(await simulator.calls.map(\.json))
        case "violations": return .array(await simulator.violations.map { .string($0) })
        case "mistakes": return .array(await simulator.mistakes.map { .string($0) })
        case "updates": return ["uncommitted": JSONValue(await simulator.uncommittedUpdates)]
        case "subscriptions": return .array(await simulator.subscribed.map { .string($0.url) })
        case "menu": return .array(await simulator.menu.map { .string($0) })
        default: return nil
        }
    }

    // MARK: Chats

    private func set(up verb: String, _ body: JSONValue) async -> JSONValue? {
        let chat = body["chat"]?.int64 ?? 0
        let user = body["user"]?.int64 ?? 0
        switch verb {
        case "user":
            guard let person = MaxPerson(body) else { return nil }
            guard body["dialog"]?.bool != false else {
                await simulator.add(person)
                return ["ok": true]
            }
            return ["chat": JSONValue(await simulator.addDialog(with: person))]
        case "group":
            await simulator.addGroup(
                chat,
                title: body["title"]?.string ?? "Group",
                isAdmin: body["admin"]?.bool ?? true,
                kind: body["kind"]?.string ?? "chat"
            )
        case "start": await simulator.start(user, payload: body["payload"]?.string)
        case "stop": await simulator.stop(user)
        case "added", "removed": await simulator.move(verb == "added", in: chat, by: user)
        default: await simulator.closeSilently(chat)
        }
        return ["ok": true]
    }

    // MARK: People

    private func speak(_ verb: String, _ body: JSONValue) async -> JSONValue? {
        let user = body["user"]?.int64 ?? 0
        let chat = body["chat"]?.int64 ?? simulator.dialog(with: user)
        let text = body["text"]?.string ?? ""
        let mid = body["message"]?.string ?? ""
        switch verb {
        case "say":
            let attachments = (body["attachments"]?.array ?? []).map { MaxMessage.Attachment.other($0) }
            let reply = body["reply_to"]?.string
            let said = await simulator.say(text, in: chat, by: user, replyTo: reply, attachments: attachments)
            return ["message": .string(said)]
        case "files": return await files(body, chat, user)
        case "forward":
            guard let author = body["author"].flatMap(MaxPerson.init) else { return nil }
            return ["message": .string(await simulator.forward(text, from: author, in: chat, by: user))]
        case "voice": await simulator.sendVoiceNote(by: user)
        case "edit": await simulator.change(mid, to: text)
        case "withdraw": await simulator.withdraw(mid)
        case "press":
            let id = await simulator.press(body["payload"]?.string ?? "", below: mid, by: user)
            return id.map { ["callback": .string($0)] }
        case "inject": await simulator.inject(body["update"] ?? .null)
        default: await simulator.repeatLastUpdate()
        }
        return ["ok": true]
    }

    private func files(_ body: JSONValue, _ chat: Int64, _ user: Int64) async -> JSONValue {
        var mids: [JSONValue] = []
        for file in body["files"]?.array ?? [] {
            let mid = await simulator.send(
                file["kind"]?.string ?? "file",
                name: file["name"]?.string ?? "file.bin",
                mimeType: file["mime_type"]?.string ?? "application/octet-stream",
                bytes: Array((file["text"]?.string ?? "").utf8),
                caption: file["caption"]?.string,
                in: chat,
                by: user
            )
            mids.append(.string(mid))
        }
        return ["messages": .array(mids)]
    }

    private func chat(_ id: Int64) async -> JSONValue {
        var shown: [JSONValue] = []
        for message in await simulator.messages(in: id) { shown.append(await self.shown(message)) }
        let actions = await simulator.actions(in: id)
        return ["messages": .array(shown), "actions": .array(actions.map { .string($0) })]
    }

    private func shown(_ message: MaxMessage) async -> JSONValue {
        var json = JSONObject()
        json["message_id"] = .string(message.mid)
        json["from_bot"] = .bool(message.sender == simulator.bot.id)
        json["text"] = .string(message.text)
        json["reply_to"] = message.replyTo.map { .string($0) }
        json["versions"] = .array(message.versions.map { .string($0) })
        json["markup"] = .array(message.markup)
        for case .media(let kind, let token) in message.attachments {
            guard let file = await simulator.file(token) else { continue }
            json["file"] = [
                "kind": .string(kind), "name": .string(file.name), "size": JSONValue(file.bytes.count),
                "sha256": .string(hex(sha256(file.bytes))),
            ]
        }
        return .object(json)
    }

    // MARK: Trouble

    private func disturb(_ verb: String, _ body: JSONValue) async -> JSONValue? {
        switch verb {
        case "fault":
            guard let fault = SimulatorFault(body) else { return nil }
            await simulator.add(fault)
        case "faults/clear": await simulator.clearFaults()
        case "webhook": await simulator.addForeignSubscription(body["url"]?.string ?? "")
        case "unsubscribe": await simulator.dropSubscriptions()
        case "expire": await simulator.expireLinks()
        default: await simulator.change { $0.apply(body) }
        }
        return ["ok": true]
    }
}

extension MaxPerson {
    fileprivate init?(_ body: JSONValue) {
        guard let id = body["id"]?.int64 else { return nil }
        self.init(
            id: id,
            firstName: body["name"]?.string ?? "User \(id)",
            lastName: body["last_name"]?.string ?? "",
            username: body["username"]?.string,
            locale: body["language"]?.string ?? "en"
        )
    }
}

extension MaxSimulator: SimulatedMessenger {
    package nonisolated func control(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        await MaxControl(self).answer(request)
    }

    /// Where its uploads and downloads are.
    package func serve(at address: String) { self.address = address }
}
