import Basics
import Foundation
import HTTP
import Testing

/// One homeserver playing a scene: requests of three people, and what came back.
///
/// A step says who (`as`) asks for what (`do`), with which `body`, and what of the answer is `keep`t under which name.
/// Names in braces stand for what was kept, and for the three people.
struct Performance {
    private let server: Synapse
    private let people: [String: SynapseUser]
    private var values: [String: String] = [:]
    private var plain = PlainAnswer()

    init(on server: Synapse) async throws {
        self.server = server
        var people: [String: SynapseUser] = [:]
        for name in ["bot", "ann", "bob"] {
            let person = try await server.register(name)
            people[name] = person
            values[name] = person.id
            values["\(name).password"] = person.password
            _ = plain.name(of: person.id)
        }
        self.people = people
    }

    /// Plays one step, and says what the answer was, without what is different each time.
    mutating func play(_ step: JSONValue) async throws -> String {
        let deed = try #require(step["do"]?.string).split(separator: " ", maxSplits: 1)
        var path = filled(String(deed[1])) { $0.percentEncoded }
        if !path.hasPrefix("/_") { path = "/_matrix/client/v3" + path }
        let body = step["body"].map(filled)
        let reply = try await server.answer(String(deed[0]), path, body, token: token(of: step["as"]?.string ?? ""))
        let answer = try JSONValue(parsing: reply.body)
        for member in step["keep"]?.object?.members ?? [] {
            let kept: String = try #require(find(member.value.string ?? "", in: answer), "nothing to keep")
            values[member.key] = kept
        }
        return "\(reply.status) \(plain.text(of: answer))"
    }

    private func token(of name: String) -> String? {
        name.isEmpty ? nil : people[name]?.token ?? "syt_nobody"
    }

    private func find(_ path: String, in answer: JSONValue) -> String? {
        // Identifiers hold dots, too, so that the names are filled in last.
        path.split(separator: ".").reduce(Optional(answer)) { $0?[filled(String($1)) { $0 }] }?.string
    }

    private func filled(_ text: String, _ encode: (String) -> String) -> String {
        values.reduce(text) { $0.replacing("{\($1.key)}", with: encode($1.value)) }
    }

    private func filled(_ json: JSONValue) -> JSONValue {
        switch json {
        case .string(let text): .string(filled(text) { $0 })
        case .array(let values): .array(values.map { filled($0) })
        case .object(let object):
            .object(JSONObject(object.members.map { .init(key: filled($0.key) { $0 }, value: filled($0.value)) }))
        default: json
        }
    }
}

/// What two homeservers must say alike: identifiers numbered as they appear, times and tokens left out.
struct PlainAnswer {
    private static var identifiers: Regex<Substring> {
        /\$[A-Za-z0-9_-]{43}|![A-Za-z0-9_-]{43}|![A-Za-z]{18}:localhost|@[a-z]+-[a-z]{10}:localhost/
    }
    /// What the simulator leaves out, for it knows no keys and has no name to be found by.
    private static let leftOut: Set<String> = ["device_lists", "well_known"]
    /// Times, and what Synapse counts when it finds the time.
    private static let varying: Set<String> = [
        "age", "origin_server_ts", "ts", "retry_after_ms", "notification_count", "highlight_count",
    ]
    private static let tokens: Set<String> = [
        "next_batch", "prev_batch", "start", "end", "device_id", "access_token",
    ]

    private var names: [String: String] = [:]

    mutating func name(of identifier: String) -> String {
        if let known = names[identifier] { return known }
        let name = "<\(identifier.prefix(1))\(names.keys.count { $0.prefix(1) == identifier.prefix(1) } + 1)>"
        names[identifier] = name
        return name
    }

    mutating func text(of answer: JSONValue) -> String { plain(answer, under: "").text }

    private mutating func plain(_ json: JSONValue, under key: String) -> JSONValue {
        switch json {
        case .number where Self.varying.contains(key): return 0
        case .string where Self.tokens.contains(key): return "token"
        case .string(let text) where key == "error": return .string(plain(Self.withoutOrder(text)))
        case .string(let text): return .string(plain(text))
        case .array(let values): return .array(Self.ordered(values, under: key).map { plain($0, under: key) })
        case .object(let object):
            let members = object.members.filter { !Self.leftOut.contains($0.key) }.sorted { $0.key < $1.key }
            return .object(
                JSONObject(members.map { .init(key: plain($0.key), value: plain($0.value, under: inner($0.key, key))) })
            )
        default: return json
        }
    }

    /// Synapse names what it would take in an order that is another one in each of its processes.
    private static func withoutOrder(_ error: String) -> String {
        let parts = error.components(separatedBy: " must be ")
        guard parts.count == 2 else { return error }
        return "\(parts[0]) must be \(parts[1].components(separatedBy: ", ").sorted().joined(separator: ", "))"
    }

    /// The events of a state are known by the name of their list’s owner.
    private func inner(_ name: String, _ outer: String) -> String {
        name == "events" && outer == "state" ? "state" : name
    }

    /// State has no order.
    private static func ordered(_ values: [JSONValue], under key: String) -> [JSONValue] {
        let isState = key == "state" || values.allSatisfy { $0["type"]?.string == "m.room.member" }
        guard isState else { return values }
        return values.sorted { one, other in
            [one, other].map { "\($0["type"]?.string ?? "") \($0["state_key"]?.string ?? "")" }.isAscending
        }
    }

    private mutating func plain(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let match = rest.firstMatch(of: Self.identifiers) {
            result += rest[..<match.range.lowerBound] + name(of: String(match.0))
            rest = rest[match.range.upperBound...]
        }
        return result + rest
    }
}

extension [String] {
    fileprivate var isAscending: Bool { self[0] < self[1] }
}
