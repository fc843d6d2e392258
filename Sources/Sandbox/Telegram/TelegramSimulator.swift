import Basics
import HTTP

/// A Bot API server for one bot, as strict as the real one, with people who do what a test tells them.
///
/// Every call is held against the documentation (``violations``); everything else behaves as the server’s source says.
package actor TelegramSimulator {
    nonisolated package let token: String
    nonisolated package let bot: SimulatedUser
    package var settings: SimulatorSettings
    /// What clients asked for that the documentation does not have.
    package private(set) var violations: [String] = []
    package private(set) var calls: [SimulatedCall] = []

    let schema: BotAPISchema?
    let changed = Change()
    var chats: [Int64: SimulatedChat] = [:]
    var users: [Int64: SimulatedUser] = [:]
    var files: [String: StoredFile] = [:]
    var updates = UpdateQueue(startingAt: 700_000_001)
    var flood = FloodControl()
    var faults: [SimulatorFault] = []
    var allowedUpdates: Set<String>?
    var polls = PollState()
    var webhook: Webhook?
    var menus: [String: JSONValue] = [:]
    var lastFile = 0
    var lastAlbum = 0

    struct StoredFile: Sendable {
        let name: String
        let path: String
        let mimeType: String
        let bytes: [UInt8]
    }

    struct PollState: Sendable {
        var generation = 0
        var last: (offset: Int64, at: ContinuousClock.Instant)?
    }

    package init(
        token: String = "123456789:TEST-token_for_the_simulator",
        bot: SimulatedUser? = nil,
        schema: BotAPISchema?,
        settings: SimulatorSettings = SimulatorSettings()
    ) {
        self.token = token
        self.schema = schema
        self.settings = settings
        self.bot =
            bot
            ?? SimulatedUser(
                id: token.split(separator: ":").first.flatMap { Int64($0) } ?? 1,
                firstName: "Test Bot",
                username: "test_bot",
                language: nil
            )
    }

    package func change(_ body: @Sendable (inout SimulatorSettings) -> Void) { body(&settings) }

    package func add(_ fault: SimulatorFault) { faults.append(fault) }

    package func clearFaults() { faults = [] }

    // MARK: Requests

    /// Answers a call to `/bot…` or `/file/bot…`; `nil` closes the connection instead.
    package func answer(_ request: HTTPServerRequest) async -> HTTPServerResponse? {
        let parts = request.path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        if parts.first == "file", settings.servesFiles { return download(parts) }
        guard parts.count == 2, let first = parts.first, first.hasPrefix("bot") else {
            return .fault(BotAPIFault(404, "Not Found"))
        }
        guard settings.knowsToken, (first.dropFirst(3).description.percentDecoded ?? "") == token else {
            return .fault(BotAPIFault(401, "Unauthorized"))
        }
        return await answer(method: parts[1], BotAPIRequest(request))
    }

    func answer(method name: String, _ request: BotAPIRequest) async -> HTTPServerResponse? {
        let method = schema?.method(called: name) ?? name
        if let schema {
            violations += schema.violations(of: method, request.parameters, files: Set(request.files.keys))
        }
        let fault = faults.strike(method, saying: JSONValue.object(request.parameters).text)
        switch fault {
        case .hang?:
            note(method, request, 0)
            await changed.wait(until: .now + .seconds(600))
            while !Task.isCancelled, faults.contains(where: { $0.kind == .hang }) {
                await changed.wait(until: .now + .seconds(600))
            }
            return nil
        case .drop?:
            note(method, request, 0)
            return nil
        case .badGateway?:
            note(method, request, 502)
            return .badGateway
        case .tooManyRequests(let seconds)?:
            note(method, request, 429)
            if let chat = request.parameters["chat_id"]?.int64 { flood.close(chat, for: seconds, at: .now) }
            return .fault(.tooMany(seconds))
        case .error(let code, let description)?:
            note(method, request, code)
            return .fault(BotAPIFault(code, description))
        case .applyThenDrop?, nil:
            let response = await perform(method, request)
            return fault == nil ? response : nil
        }
    }

    private func perform(_ method: String, _ request: BotAPIRequest) async -> HTTPServerResponse {
        do throws(BotAPIFault) {
            if settings.unknownMethods.contains(method) { throw BotAPIFault(404, "Not Found: method not found") }
            let result = try await result(of: method, request)
            note(method, request, 200)
            changed.signal()
            return .result(result)
        } catch {
            note(method, request, error.code)
            return .fault(error)
        }
    }

    private func note(_ method: String, _ request: BotAPIRequest, _ code: Int) {
        calls.append(SimulatedCall(method: method, parameters: request.parameters, code: code, at: .now))
    }

    private func result(of method: String, _ request: BotAPIRequest) async throws(BotAPIFault) -> JSONValue {
        let parameters = request.parameters
        switch method {
        case "getMe": return me
        case "getUpdates": return try await poll(parameters)
        case "setWebhook": return try setWebhook(parameters)
        case "deleteWebhook": return deleteWebhook(parameters)
        case "getWebhookInfo": return webhookInfo
        case "sendMessage": return try sendMessage(parameters)
        case "sendPhoto", "sendAudio", "sendVideo", "sendDocument", "sendVoice", "sendAnimation":
            return try sendMedia(method.dropFirst(4).lowercased(), request)
        case "sendMediaGroup": return try sendMediaGroup(request)
        case "editMessageText": return try editMessageText(parameters)
        case "editMessageMedia": return try editMessageMedia(request)
        case "deleteMessage": return try deleteMessage(parameters)
        case "sendMessageDraft": return try sendMessageDraft(parameters)
        case "sendChatAction": return try sendChatAction(parameters)
        case "getFile": return try getFile(parameters)
        case "getChat": return try chat(parameters).json
        case "setMyCommands":
            menus[parameters["language_code"]?.string ?? ""] = parameters["commands"] ?? []
            return true
        case "getMyCommands": return menus[parameters["language_code"]?.string ?? ""] ?? []
        case "setMessageReaction", "answerCallbackQuery", "setMyName", "logOut", "close": return true
        default: throw BotAPIFault(404, "Not Found: method not found")
        }
    }

    private var me: JSONValue {
        [
            "id": JSONValue(bot.id), "is_bot": true, "first_name": .string(bot.firstName),
            "username": .string(bot.username ?? ""), "can_join_groups": true,
            "can_read_all_group_messages": .bool(settings.readsAllGroupMessages), "supports_inline_queries": false,
            "can_connect_to_business": false, "has_main_web_app": false,
            "has_topics_enabled": .bool(settings.hasTopics), "allows_users_to_create_topics": false,
        ]
    }
}
