import Basics
import HTTP

/// Answers the page: its files, the stream of what it shows, and what people do on it.
struct PlaygroundServer: Sendable {
    /// Types that a browser shows without running anything.
    private static let pictures: Set<String> = ["image/png", "image/jpeg", "image/gif", "image/webp"]

    let messengers: [any PlaygroundMessenger]
    let agent: AgentServer
    let host: HostKeeper
    let board: PlaygroundBoard
    private let pages = WebFiles(folder: "playground")

    init(messengers: [any PlaygroundMessenger], agent: AgentServer, host: HostKeeper, board: PlaygroundBoard) {
        self.messengers = messengers
        self.agent = agent
        self.host = host
        self.board = board
    }

    func answer(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        if let refusal = SameOrigin.refusal(of: request) { return refusal }
        let parts = request.path.split(separator: "/").map(String.init)
        switch (request.method, parts.first) {
        case ("POST", "api") where parts.count == 2: return await act(parts[1], request.body)
        case ("GET", "api") where parts.count == 2 && parts[1] == "events": return events()
        case ("GET", "files") where parts.count == 3: return await file(parts[2], of: parts[1])
        case ("GET", _), ("HEAD", _): return pages.response(to: request) ?? .refused(404, "there is no such page")
        default: return .refused(405, "only GET, and POST to /api/ACTION")
        }
    }

    private func events() -> HTTPServerResponse {
        HTTPServerResponse(
            status: 200,
            headers: [HTTPHeader("Content-Type", "text/event-stream"), HTTPHeader("Cache-Control", "no-store")],
            body: .stream(board.events())
        )
    }

    /// A file of a chat: pictures are shown, everything else is only for saving.
    private func file(_ id: String, of messenger: String) async -> HTTPServerResponse {
        guard let messenger = messengers.first(where: { $0.id == messenger }), let file = await messenger.file(id)
        else {
            return .refused(404, "there is no such file")
        }
        let isPicture = Self.pictures.contains(file.mimeType)
        let name = file.name.percentEncoded
        return HTTPServerResponse(
            status: 200,
            headers: [
                HTTPHeader("Content-Type", isPicture ? file.mimeType : "application/octet-stream"),
                HTTPHeader("Content-Disposition", "\(isPicture ? "inline" : "attachment"); filename*=UTF-8''\(name)"),
                HTTPHeader("Content-Security-Policy", "default-src 'none'; sandbox"),
                HTTPHeader("X-Content-Type-Options", "nosniff"),
                HTTPHeader("Cross-Origin-Resource-Policy", "same-origin"),
                HTTPHeader("Cache-Control", "private, max-age=3600"),
            ],
            body: .bytes(file.bytes)
        )
    }

    // MARK: Actions

    private func act(_ verb: String, _ body: [UInt8]) async -> HTTPServerResponse {
        do throws(PlaygroundAction.Fault) {
            guard let json = try? JSONValue(parsing: body) else { throw .init(reason: "the body must be JSON") }
            try await perform(try PlaygroundAction(verb, json))
            return .json(["ok": true])
        } catch {
            return .refused(400, error.reason)
        }
    }

    private func perform(_ action: PlaygroundAction) async throws(PlaygroundAction.Fault) {
        switch action {
        case .say(let text, let place, let person, let replyTo):
            try await messenger(at: place, for: person).say(text, in: place.chat, by: person, replyTo: replyTo)
        case .send(let file, let caption, let place, let person):
            try await messenger(at: place, for: person).send(file, caption: caption, in: place.chat, by: person)
        case .edit(let message, let place, let text):
            try await messenger(at: place, for: nil).edit(message, in: place.chat, to: text)
        case .press(let button, let place, let person):
            try await messenger(at: place, for: person).press(button, in: place.chat, by: person)
        case .set(let trouble, let id, let on):
            try await messenger(id).set(trouble, on)
            board.set("trouble/\(id)/\(trouble.rawValue)", .bool(on))
        case .agent(let isDown):
            agent.isDown = isDown
            board.set("trouble/agent", .bool(isDown))
        case .host(let isRunning): host.set(running: isRunning)
        case .restartHost: host.restart()
        }
    }

    private func messenger(_ id: String) throws(PlaygroundAction.Fault) -> any PlaygroundMessenger {
        guard let messenger = messengers.first(where: { $0.id == id }) else {
            throw .init(reason: "messenger: there is no “\(id)”")
        }
        return messenger
    }

    private func messenger(
        at place: PlaygroundAction.Place,
        for person: String?
    ) throws(PlaygroundAction.Fault) -> any PlaygroundMessenger {
        let messenger = try messenger(place.messenger)
        guard let chat = messenger.chats.first(where: { $0.id == place.chat }) else {
            throw .init(reason: "chat: there is no “\(place.chat)”")
        }
        if let person, !chat.people.contains(person) { throw .init(reason: "person: “\(person)” is not in this chat") }
        return messenger
    }
}
