import Basics
import FoundationEssentials
import HTTP

/// The MAX Bot API for one bot, as strict as its schema, with people who do what a test tells them.
///
/// Every call is held against the schema (``violations``), and so is all that the simulator says itself
/// (``mistakes``). Beyond the schema it behaves as the service was seen to.
package actor MaxSimulator {
    nonisolated package let token: String
    nonisolated package let bot: MaxPerson
    package var settings: MaxSimulatorSettings
    /// What clients asked for that the schema does not have.
    package private(set) var violations: [String] = []
    /// What the simulator said that the schema does not have.
    package private(set) var mistakes: [String] = []
    package private(set) var calls: [SimulatedCall] = []

    let schema: MaxSchema
    let changed = Change()
    var address = ""
    var people: [Int64: MaxPerson] = [:]
    var chats: [Int64: MaxChat] = [:]
    var media: [String: MaxMedia] = [:]
    var uploads: [String: MaxUpload] = [:]
    var updates = MaxUpdateQueue()
    var subscriptions: [MaxSubscription] = []
    var callbacks: [String: String] = [:]
    var commands: JSONValue = []
    var buckets = TokenBuckets()
    var faults: [SimulatorFault] = []
    var lastSeq: Int64 = 0
    var lastNumber: Int64 = 0
    /// Links given out before it are dead.
    var linkAge = 0

    package init(
        token: String = "f9LHodD0cOI-token_for_the_simulator",
        bot: MaxPerson = MaxPerson(id: 277_639_678, firstName: "Test Bot", username: "test_bot", isBot: true),
        schema: MaxSchema,
        settings: MaxSimulatorSettings = MaxSimulatorSettings()
    ) {
        self.token = token
        self.schema = schema
        self.settings = settings
        self.bot = bot
    }

    package func change(_ body: @Sendable (inout MaxSimulatorSettings) -> Void) { body(&settings) }
    package func add(_ fault: SimulatorFault) { faults.append(fault) }

    package func clearFaults() {
        faults = []
        changed.signal()
    }

    static var milliseconds: Int64 { Int64(Date.now.timeIntervalSince1970 * 1000) }

    // MARK: Requests

    package func answer(_ request: HTTPServerRequest) async -> HTTPServerResponse? {
        let steps = request.path.split(separator: "/").map(String.init)
        switch steps.first {
        case "upload": return await answer(request, as: "upload") { self.upload(request, steps.last ?? "") }
        case "download": return await answer(request, as: "download") { self.download(request, steps.last ?? "") }
        default: break
        }
        if let refusal = refusal(of: request) {
            note(request.path, JSONObject(), refusal.status)
            return refusal.response
        }
        guard let operation = schema.operation(request.method, request.path) else {
            violations.append("\(request.method) \(request.path): no such operation")
            note(request.path, JSONObject(), 404)
            return MaxFault(404, "not.found", "Path \(request.path) is not recognized").response
        }
        let call = MaxCall(request, operation, schema)
        violations += call.findings.map(\.text)
        return await answer(request, as: operation.id, saying: call.all) { await self.perform(call) }
    }

    /// Runs `body`, with what goes wrong on demand.
    private func answer(
        _ request: HTTPServerRequest,
        as method: String,
        saying all: JSONObject = JSONObject(),
        _ body: () async -> HTTPServerResponse
    ) async -> HTTPServerResponse? {
        let fault = faults.strike(method, saying: JSONValue.object(all).text)
        switch fault {
        case .hang?:
            note(method, all, 0)
            while !Task.isCancelled, faults.contains(where: { $0.kind == .hang }) {
                await changed.wait(until: .now + .seconds(600))
            }
            return nil
        case .drop?:
            note(method, all, 0)
            return nil
        case .badGateway?:
            note(method, all, 502)
            return .badGateway
        case .tooManyRequests?:
            note(method, all, 429)
            return MaxFault.tooMany(10).response
        case .error(let code, let description)?:
            note(method, all, code)
            if code == 200 { return .json(MaxFault.unsuccessful(description)) }
            let words = description.split(separator: " ", maxSplits: 1).map(String.init)
            return MaxFault(code, words.first ?? "", words.count > 1 ? words[1] : "").response
        case .applyThenDrop?, nil:
            let response = await body()
            note(method, all, response.status)
            changed.signal()
            return fault == nil ? response : nil
        }
    }

    /// The token goes raw into one header, and nowhere else.
    private func refusal(of request: HTTPServerRequest) -> MaxFault? {
        if request.query.contains(where: { $0.name == "access_token" }) {
            return .token("Query parameter access_token is deprecated, use Authorization header")
        }
        guard let given = request.headers["Authorization"] else { return .token("No access token") }
        if given.isEmpty { return .token("Empty access_token") }
        if given.lowercased().hasPrefix("bearer ") { return .token("Malformed access token") }
        guard given == token, settings.knowsToken else { return .token("Invalid access_token") }
        return nil
    }

    private func perform(_ call: MaxCall) async -> HTTPServerResponse {
        do throws(MaxFault) {
            if let overall = settings.overall, !buckets.take("all", overall, at: .now) {
                throw .tooMany(overall.perSecond)
            }
            // A body that is wrong is refused before the chat is looked up.
            if let refusal = call.findings.compactMap(\.refusal).first { throw .payload(refusal) }
            let result = try await result(of: call)
            // Updates were checked when they happened, but for those that a test made up.
            if let type = call.operation.answer, type != "UpdateList" { check(result, is: type) }
            return .json(result)
        } catch {
            return error.response
        }
    }

    /// Notes what of an own statement the schema does not know.
    func check(_ value: JSONValue, is type: String) { mistakes += schema.findings(value, ofType: type).map(\.text) }

    func violate(_ text: String) { violations.append(text) }

    private func note(_ method: String, _ parameters: JSONObject, _ code: Int) {
        calls.append(SimulatedCall(method: method, parameters: parameters, code: code, at: .now))
    }

    private func result(of call: MaxCall) async throws(MaxFault) -> JSONValue {
        switch call.operation.id {
        case "getMyInfo": return me
        case "editMyCommands":
            commands = call.body["commands"] ?? []
            return ["commands": commands]
        case "getChat": return try chat(call.number("chatId")).json
        case "sendAction": return try act(call)
        case "getMembership": return membership
        case "leaveChat": return try leave(call)
        case "getSubscriptions": return ["subscriptions": .array(subscriptions.map(\.json))]
        case "subscribe": return try subscribe(call)
        case "unsubscribe": return unsubscribe(call)
        case "getUploadUrl": return try openUpload(call)
        case "getMessages": return try messages(call)
        case "sendMessage": return try sendMessage(call)
        case "editMessage": return try editMessage(call)
        case "deleteMessage": return try deleteMessage(call)
        case "getMessageById": return try json(of: message(call.variables["messageId"]))
        case "getVideoAttachmentDetails": return try video(call)
        case "answerOnCallback": return try answerCallback(call)
        case "getUpdates": return try await poll(call)
        default: throw MaxFault(404, "not.found", "\(call.operation.id) is not simulated")
        }
    }

    private var me: JSONValue {
        var me = bot.json.object ?? JSONObject()
        me["description"] = "bot for testing"
        if commands.array?.isEmpty == false { me["commands"] = commands }
        return .object(me)
    }

    private var membership: JSONValue {
        var member = bot.json.object ?? JSONObject()
        member["last_access_time"] = JSONValue(Self.milliseconds)
        member["is_owner"] = false
        member["is_admin"] = true
        member["join_time"] = JSONValue(Self.milliseconds)
        member["permissions"] = ["read_all_messages", "write"]
        return .object(member)
    }
}
