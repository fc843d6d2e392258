import Basics
import HTTP
import SurfaceKit

/// The calls that the bot makes to its homeserver, authorized by its session.
///
/// Client-server API v1.11 and newer; section names in the docs of the methods are the specification's.
struct MatrixClient: Sendable {
    /// Who the bot is.
    struct Me: Sendable {
        let user: String
        let isGuest: Bool
    }

    let homeserver: Homeserver
    let session: MatrixSession

    init(homeserver: Homeserver, session: MatrixSession) {
        self.homeserver = homeserver
        self.session = session
    }

    /// The bot's Matrix identifier.
    func user() async throws(MatrixFault) -> String {
        do { return try await session.account().user } catch { throw .stopped(error) }
    }

    func json(_ call: MatrixCall) async throws(MatrixFault) -> JSONValue {
        try await authorized { token throws(MatrixFault) in try await homeserver.json(call, token: token) }
    }

    /// Makes one call, and once more when its token had to be replaced.
    func authorized<Answer>(
        _ call: (Secret) async throws(MatrixFault) -> Answer
    ) async throws(MatrixFault) -> Answer {
        var token: Secret
        do { token = try await session.account().token } catch { throw .stopped(error) }
        do {
            let answer = try await call(token)
            await session.worked(token)
            return answer
        } catch {
            guard case .refused(let refusal) = error, refusal.isUnknownToken else { throw error }
            do { token = try await session.account(insteadOf: token, because: refusal).token } catch {
                throw .stopped(error)
            }
        }
        let answer = try await call(token)
        await session.worked(token)
        return answer
    }
}

// MARK: - Account

extension MatrixClient {
    func whoAmI() async throws(MatrixFault) -> Me {
        let answer = try await json(.v3("GET", "account", "whoami"))
        guard let user = answer["user_id"]?.string else { throw .malformed(reason: "whoami: no user_id") }
        return Me(user: user, isGuest: answer["is_guest"]?.bool ?? false)
    }

    /// The name that people see; `nil` when none is set.
    func displayName(of user: String) async throws(MatrixFault) -> String? {
        do { return try await json(.v3("GET", "profile", user, "displayname"))["displayname"]?.string } catch {
            // Some homeservers show profiles to nobody.
            guard case .refused(let refusal) = error, [403, 404].contains(refusal.status) else { throw error }
            return nil
        }
    }

    /// "Direct messaging": which rooms are private chats, and with whom.
    func addDirectRoom(_ room: String, with person: String, of user: String) async throws(MatrixFault) {
        var rooms = try await directRooms(of: user)
        var known = rooms[person]?.array ?? []
        guard !known.contains(.string(room)) else { return }
        known.append(.string(room))
        rooms[person] = .array(known)
        _ = try await json(.v3("PUT", "user", user, "account_data", "m.direct", json: .object(rooms)))
    }

    private func directRooms(of user: String) async throws(MatrixFault) -> JSONObject {
        do { return try await json(.v3("GET", "user", user, "account_data", "m.direct")).object ?? JSONObject() } catch
        {
            guard case .refused(let refusal) = error, refusal.status == 404 else { throw error }
            return JSONObject()
        }
    }
}

// MARK: - Receiving

extension MatrixClient {
    /// "Syncing": waits up to `wait` for something new after `since`.
    func sync(since: String?, filter: JSONValue, wait: Duration) async throws(MatrixFault) -> SyncResponse {
        var call = MatrixCall.v3("GET", "sync")
        call.query = [
            ("filter", filter.text), ("timeout", String(wait.components.seconds * 1000)), ("set_presence", "offline"),
        ]
        if let since { call.query.append(("since", since)) }
        // The server answers when the wait is over; a first sync may take it long to put together.
        let patience = wait + .seconds(since == nil ? 120 : 60)
        call.timeouts = HTTPTimeouts(idle: patience, total: patience)
        guard let response = SyncResponse(try await json(call)) else {
            throw .malformed(reason: "sync: no next_batch")
        }
        return response
    }

    /// "Getting events for a room": one page, going back from `start`.
    func messages(
        in room: String,
        backFrom start: String,
        to end: String,
        filter: JSONValue
    ) async throws(MatrixFault) -> MessagePage {
        var call = MatrixCall.v3("GET", "rooms", room, "messages")
        call.query = [("dir", "b"), ("from", start), ("to", end), ("limit", "100"), ("filter", filter.text)]
        return MessagePage(try await json(call))
    }

    func event(_ event: String, in room: String) async throws(MatrixFault) -> MatrixEvent? {
        var call = MatrixCall.v3("GET", "rooms", room, "event", event)
        call.timeouts = HTTPTimeouts(idle: .seconds(10), total: .seconds(10))
        return MatrixEvent(try await json(call))
    }

    /// Whether the room is encrypted, asked of the homeserver.
    func isEncrypted(_ room: String) async throws(MatrixFault) -> Bool {
        do {
            _ = try await json(.v3("GET", "rooms", room, "state", "m.room.encryption", ""))
            return true
        } catch {
            guard case .refused(let refusal) = error, refusal.status == 404, refusal.code == "M_NOT_FOUND" else {
                throw error
            }
            return false
        }
    }
}

// MARK: - Rooms

extension MatrixClient {
    /// "Joining rooms": `servers` help to find a room whose identifier names none.
    func join(_ room: String, by servers: [String]) async throws(MatrixFault) {
        var call = MatrixCall.v3("POST", "join", room, json: [:])
        call.query = servers.map { ("via", $0) }
        // A room on other servers may take minutes to join.
        call.timeouts = HTTPTimeouts(idle: .seconds(180), total: .seconds(180))
        _ = try await json(call)
    }

    /// Leaves a room, or rejects its invitation, and drops it from the bot's list.
    func leave(_ room: String) async throws(MatrixFault) {
        do { _ = try await json(.v3("POST", "rooms", room, "leave", json: [:])) } catch {
            // Already out.
            guard case .refused(let refusal) = error, [403, 404].contains(refusal.status) else { throw error }
        }
        do { _ = try await json(.v3("POST", "rooms", room, "forget", json: [:])) } catch {
            guard case .refused(let refusal) = error, !refusal.isRateLimit else { throw error }
        }
    }
}

// MARK: - Speaking

extension MatrixClient {
    /// "Sending events to a room": the same `transaction` never makes a second event.
    func send(_ content: JSONObject, to room: String, transaction: String) async throws(MatrixFault) -> String {
        let call = MatrixCall.v3(
            "PUT",
            "rooms",
            room,
            "send",
            "m.room.message",
            transaction,
            json: .object(content)
        )
        guard let event = try await json(call)["event_id"]?.string else {
            throw .malformed(reason: "send: no event_id")
        }
        return event
    }

    func redact(_ event: String, in room: String, transaction: String) async throws(MatrixFault) {
        _ = try await json(.v3("PUT", "rooms", room, "redact", event, transaction, json: [:]))
    }

    func setTyping(_ isTyping: Bool, for duration: Duration, in room: String) async throws(MatrixFault) {
        var body: JSONObject = JSONObject()
        body["typing"] = .bool(isTyping)
        if isTyping { body["timeout"] = JSONValue(duration.components.seconds * 1000) }
        _ = try await json(.v3("PUT", "rooms", room, "typing", try await user(), json: .object(body)))
    }

    /// "Receipts": `thread` is the thread's root, or `nil` for the main timeline.
    func markRead(_ event: String, in room: String, thread: String?) async throws(MatrixFault) {
        let body: JSONValue = ["thread_id": .string(thread ?? "main")]
        _ = try await json(.v3("POST", "rooms", room, "receipt", "m.read", event, json: body))
    }
}
