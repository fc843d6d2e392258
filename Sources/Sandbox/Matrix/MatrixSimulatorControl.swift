import Basics
import HTTP

/// Lets another process act as the people on a simulated homeserver: `POST /control/VERB` with a JSON object.
package struct MatrixSimulatorControl: Sendable {
    private let simulator: MatrixSimulator

    package init(_ simulator: MatrixSimulator) { self.simulator = simulator }

    package func answer(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        let verb = request.path.split(separator: "/").dropFirst().joined(separator: "/")
        guard let body = request.body.isEmpty ? [:] : try? JSONValue(parsing: request.body) else {
            return .json(["error": "the body must be JSON"], status: 400)
        }
        do throws(MatrixAPIError) {
            guard let result = try await perform(verb, body) else {
                return .json(["error": .string("there is no verb \(verb), or something is missing")], status: 400)
            }
            return .json(result)
        } catch {
            return .json(["error": .string("\(error.code): \(error.text)")], status: 400)
        }
    }

    private func perform(_ verb: String, _ body: JSONValue) async throws(MatrixAPIError) -> JSONValue? {
        switch verb {
        case "person", "direct", "group": return try await set(up: verb, body)
        case "join", "invite", "kick", "ban", "leave", "upgrade", "encrypt": return try await move(verb, body)
        case "say", "edit", "redact", "file", "post", "typing": return try await speak(verb, body)
        case "fault", "faults/clear", "settings", "expire", "revoke": return await disturb(verb, body)
        case "room": return await simulator.snapshot(of: body["room"]?.string ?? "")?.json
        case "calls": return .array(await simulator.calls.map(\.json))
        case "violations": return .array(await simulator.violations.map { .string($0) })
        default: return nil
        }
    }

    // MARK: People and rooms

    private func set(up verb: String, _ body: JSONValue) async throws(MatrixAPIError) -> JSONValue? {
        if verb == "person" {
            guard let name = body["name"]?.string else { return nil }
            let person = await simulator.addPerson(
                name,
                displayName: body["display_name"]?.string,
                password: body["password"]?.string ?? randomToken(length: 20)
            )
            return [
                "id": .string(person.id), "token": .string(person.token), "device": .string(person.device),
                "password": .string(person.password),
            ]
        }
        guard let person = body["by"]?.string else { return nil }
        let isEncrypted = body["encrypted"]?.bool ?? false
        let room: String
        if verb == "direct" {
            guard let other = body["with"]?.string else { return nil }
            room = try await simulator.createDirectChat(
                by: person,
                with: other,
                saying: body["text"]?.string,
                isEncrypted: isEncrypted
            )
        } else {
            room = try await simulator.createGroup(
                body["name"]?.string,
                by: person,
                inviting: body["invite"]?.array?.compactMap(\.string) ?? [],
                isPublic: body["public"]?.bool ?? false,
                isEncrypted: isEncrypted
            )
        }
        return ["room": .string(room)]
    }

    private func move(_ verb: String, _ body: JSONValue) async throws(MatrixAPIError) -> JSONValue? {
        guard let room = body["room"]?.string, let person = body["by"]?.string else { return nil }
        let other = body["user"]?.string ?? ""
        switch verb {
        case "join": try await simulator.join(room, by: person)
        case "leave": try await simulator.leave(room, by: person)
        case "encrypt": try await simulator.encrypt(room, by: person)
        case "invite": try await simulator.invite(other, to: room, by: person)
        case "kick": try await simulator.kick(other, from: room, by: person)
        case "ban": try await simulator.ban(other, from: room, by: person)
        default:
            let version = Int(body["version"]?.int64 ?? 12)
            return ["room": .string(try await simulator.upgrade(room, by: person, to: version))]
        }
        return ["ok": true]
    }

    // MARK: Messages

    private func speak(_ verb: String, _ body: JSONValue) async throws(MatrixAPIError) -> JSONValue? {
        guard let room = body["room"]?.string, let person = body["by"]?.string else { return nil }
        let (text, event) = (body["text"]?.string ?? "", body["event"]?.string ?? "")
        switch verb {
        case "say":
            let said = try await simulator.say(
                text,
                in: room,
                by: person,
                replyTo: body["reply_to"]?.string,
                thread: body["thread"]?.string,
                mentions: body["mentions"]?.array?.compactMap(\.string) ?? []
            )
            return ["event": .string(said)]
        case "edit": return ["event": .string(try await simulator.edit(event, to: text, in: room, by: person))]
        case "redact": try await simulator.redact(event, in: room, by: person)
        case "typing": await simulator.setTyping(body["typing"]?.bool ?? true, in: room, by: person)
        case "post":
            let content = body["content"]?.object ?? JSONObject()
            let type = body["type"]?.string ?? "m.room.message"
            return ["event": .string(try await simulator.post(content, type: type, in: room, by: person))]
        default:
            let sent = try await simulator.send(
                Array(text.utf8),
                named: body["name"]?.string ?? "file.bin",
                mimeType: body["mime_type"]?.string ?? "application/octet-stream",
                kind: body["kind"]?.string ?? "m.file",
                caption: body["caption"]?.string,
                in: room,
                by: person,
                thread: body["thread"]?.string
            )
            return ["event": .string(sent)]
        }
        return ["ok": true]
    }

    // MARK: Trouble

    private func disturb(_ verb: String, _ body: JSONValue) async -> JSONValue? {
        switch verb {
        case "fault":
            guard let kind = SimulatorFault.Kind(body) else { return nil }
            await simulator.add(
                SimulatorFault(
                    kind,
                    method: body["method"]?.string,
                    containing: body["containing"]?.string,
                    skip: Int(body["skip"]?.int64 ?? 0),
                    times: Int(body["times"]?.int64 ?? 1)
                )
            )
        case "faults/clear": await simulator.clearFaults()
        case "expire": await simulator.expireTokens(of: body["user"]?.string ?? "")
        case "revoke": await simulator.revokeTokens(of: body["user"]?.string ?? "")
        default: await simulator.change { $0.apply(body) }
        }
        return ["ok": true]
    }
}

extension MatrixSimulatorSettings {
    fileprivate mutating func apply(_ body: JSONValue) {
        switch body["limits"]?.string {
        case "synapse": limits = .synapse
        case "none": limits = .none
        default: break
        }
        if let burst = body["message"]?["burst"]?.int64, let rate = body["message"]?["per_second"]?.double {
            limits.message = Limit(burst: Int(burst), perSecond: rate)
        }
        uploadLimit = body["upload_limit"]?.int64.map(Int.init) ?? uploadLimit
        refusalDelay = body["refusal_delay"]?.double.map { .seconds($0) } ?? refusalDelay
        keepsAnswers = body["keeps_answers"]?.double.map { .seconds($0) } ?? keepsAnswers
        takesPasswords = body["takes_passwords"]?.bool ?? takesPasswords
        if let seconds = body["token_seconds"] { tokenLasts = seconds.double.map { .seconds($0) } }
    }
}

extension MatrixSimulatedCall {
    fileprivate var json: JSONValue {
        [
            "endpoint": .string(endpoint), "method": .string(method), "path": .string(path), "user": .string(user),
            "body": .string(body), "status": JSONValue(status),
        ]
    }
}
