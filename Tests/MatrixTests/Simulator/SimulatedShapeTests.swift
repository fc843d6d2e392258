import Basics
import Sandbox
import Testing

/// Answers as a real Synapse gave them once, held against the simulator’s also where no Synapse runs.
@Suite("Answers of a simulated homeserver", .timeLimit(.minutes(1)))
struct SimulatedShapeTests {
    private static let filter: JSONValue = [
        "presence": ["types": []], "account_data": ["types": ["m.direct"]],
        "room": [
            "timeline": ["limit": 5, "lazy_load_members": true], "state": ["lazy_load_members": true],
            "ephemeral": ["types": []], "account_data": ["types": []],
        ],
    ]

    private func sync(_ world: SimulatedWorld, since: String? = nil) async throws -> JSONValue {
        let path = "/sync?timeout=0&filter=\(Self.filter.text.percentEncoded)" + (since.map { "&since=\($0)" } ?? "")
        return try await world.json("GET", path)
    }

    @Test func `to a sync with a gap, and to who fills it, are like Synapse's`() async throws {
        try await SimulatedWorld.run { world in
            let since = try #require(try await sync(world)["next_batch"]?.string)
            try await world.simulator.say("introduces her", in: world.room, by: world.ann.id)
            let later = try #require(try await sync(world, since: since)["next_batch"]?.string)
            for number in 0..<60 {
                try await world.simulator.say("flood \(number)", in: world.room, by: world.ann.id, mentions: nil)
            }

            let limited = try await sync(world, since: later)

            #expect(try shape(limited) == shape(Fixture.json("sync-limited")))
            let timeline = try #require(limited["rooms"]?["join"]?[world.room]?["timeline"])
            #expect(timeline["limited"] == true)
            #expect(
                timeline["events"]?.array?.map { $0["content"]?["body"]?.string } == (55..<60).map { "flood \($0)" }
            )
            var position = try #require(timeline["prev_batch"]?.string)
            var found: [String] = []
            while true {
                let path = "/rooms/\(world.room.percentEncoded)/messages?dir=b&limit=20&from=\(position)&to=\(later)"
                let page = try await world.json("GET", path)
                found += (page["chunk"]?.array ?? []).compactMap { $0["content"]?["body"]?.string }
                if !found.isEmpty, page["chunk"]?.array?.isEmpty == true {
                    #expect(try shape(page) == shape(Fixture.json("messages-page-last")))
                } else {
                    #expect(try shape(page) == shape(Fixture.json("messages-page")))
                }
                guard let end = page["end"]?.string else { break }
                position = end
            }
            #expect(found == (0..<55).reversed().map { "flood \($0)" })
        }
    }

    @Test func `about invitations and removals are like Synapse's`() async throws {
        try await SimulatedWorld.run { world in
            let since = try #require(try await sync(world)["next_batch"]?.string)
            #expect(try shape(try await sync(world, since: since)) == shape(Fixture.json("sync-idle")))
            try await world.simulator.createDirectChat(by: world.ann.id, with: world.bot.id)

            let invited = try await sync(world, since: since)
            #expect(try shape(invited) == shape(Fixture.json("sync-invited-direct")))

            let next = try #require(invited["next_batch"]?.string)
            try await world.simulator.kick(world.bot.id, from: world.room, by: world.ann.id)
            let kicked = try await sync(world, since: next)
            #expect(kicked["rooms"]?["leave"]?.object?.members.map(\.key) == [world.room])
            let own = kicked["rooms"]?["leave"]?[world.room]?["timeline"]?["events"]?[0]
            let seen = try Fixture.json("sync-kicked")["rooms"]?["leave"]?.object?.members.first?.value["timeline"]?[
                "events"
            ]?[0]
            #expect(own?["content"]?["membership"] == "leave")
            #expect(
                own?["unsigned"]?.object?.members.map(\.key).sorted()
                    == seen?["unsigned"]?.object?.members.map(\.key).sorted()
            )
        }
    }

    @Test(arguments: ["event-edited", "event-redacted"])
    func `about one event are like Synapse's`(fixture: String) async throws {
        try await SimulatedWorld.run { world in
            let message = try await world.simulator.say("first", in: world.room, by: world.ann.id, mentions: nil)
            if fixture == "event-edited" {
                try await world.simulator.edit(message, to: "second", in: world.room, by: world.ann.id)
            } else {
                try await world.simulator.redact(message, in: world.room, by: world.ann.id)
            }

            let path = "/rooms/\(world.room.percentEncoded)/event/\(message.percentEncoded)"
            let answer = try await world.json("GET", path)

            let known = try Fixture.json(fixture)
            for key in [[], ["unsigned"], ["unsigned", "m.relations"], ["unsigned", "m.relations", "m.replace"]] {
                #expect(names(key, in: answer) == names(key, in: known))
            }
        }
    }

    private func names(_ path: [String], in json: JSONValue) -> [String]? {
        path.reduce(Optional(json)) { $0?[$1] }?.object?.members.map(\.key).sorted()
    }

    /// The names and kinds of what is in `json`, of lists only the first element; identifiers as names are left out.
    private func shape(_ json: JSONValue) -> String {
        switch json {
        case .object(let object):
            let members = object.members.filter { $0.key != "device_lists" }.sorted { $0.key < $1.key }
            return "{"
                + members.map { ("@!$".contains($0.key.prefix(1)) ? "" : $0.key) + shape($0.value) }.joined(
                    separator: ","
                ) + "}"
        case .array(let values): return "[" + (values.first.map(shape) ?? "") + "]"
        case .string: return ":text"
        case .number: return ":number"
        case .bool: return ":bool"
        case .null, .unpaired: return ":null"
        }
    }
}
