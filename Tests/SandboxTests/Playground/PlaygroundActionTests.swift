import Basics
import Testing

@testable import Sandbox

@Suite("Playground action")
struct PlaygroundActionTests {
    static let place = PlaygroundAction.Place(messenger: "m", chat: "c")
    static let common: [(String, JSONValue)] = [("messenger", "m"), ("chat", "c"), ("person", "p")]

    static let known: [(String, [(String, JSONValue)], PlaygroundAction)] = [
        ("say", [("text", "hi"), ("replyTo", "7")], .say("hi", in: place, by: "p", replyTo: "7")),
        ("say", [("text", " hi "), ("replyTo", nil)], .say(" hi ", in: place, by: "p", replyTo: nil)),
        (
            "send", [("name", "a.txt"), ("mimeType", "text/plain"), ("data", "aGk="), ("caption", "")],
            .send(
                PlaygroundFile(name: "a.txt", mimeType: "text/plain", bytes: [104, 105]),
                caption: nil,
                in: place,
                by: "p"
            )
        ),
        (
            "send", [("name", "a"), ("mimeType", ""), ("data", "aGk="), ("caption", "look")],
            .send(
                PlaygroundFile(name: "a", mimeType: "application/octet-stream", bytes: [104, 105]),
                caption: "look",
                in: place,
                by: "p"
            )
        ),
        ("edit", [("message", "3"), ("text", "x")], .edit("3", in: place, to: "x")),
        ("press", [("button", "stop")], .press("stop", in: place, by: "p")),
        ("trouble", [("trouble", "rateLimited"), ("on", true)], .set(.rateLimited, of: "m", true)),
        ("agent", [("down", true)], .agent(isDown: true)), ("host", [("running", false)], .host(isRunning: false)),
        ("restart", [], .restartHost),
    ]

    static let faulty: [(String, [(String, JSONValue)], String)] = [
        ("dance", [], "there is no action"), ("say", [], "text: "), ("say", [("text", " \n")], "text: "),
        ("say", [("text", .string(String(repeating: "x", count: 70_000)))], "text: "),
        ("say", [("text", "hi"), ("chat", 5)], "chat: "), ("say", [("text", "hi"), ("person", "")], "person: "),
        ("send", [("name", "a"), ("data", "?")], "data: "), ("send", [("name", "a"), ("data", "")], "data: "),
        ("send", [("name", ""), ("data", "aGk=")], "name: "), ("press", [], "button: "),
        ("trouble", [("trouble", "flood"), ("on", true)], "trouble: must be one of rateLimited, unreachable"),
        ("trouble", [("trouble", "unreachable")], "on: "), ("agent", [], "down: "),
        ("host", [("running", 1)], "running: "),
    ]

    @Test(arguments: known)
    func `reads what the page asks for`(verb: String, fields: [(String, JSONValue)], action: PlaygroundAction) throws {
        #expect(try PlaygroundAction(verb, Self.body(fields)) == action)
    }

    @Test(arguments: faulty)
    func `says what is wrong with the rest`(verb: String, fields: [(String, JSONValue)], reason: String) {
        let fault = #expect(throws: PlaygroundAction.Fault.self) { try PlaygroundAction(verb, Self.body(fields)) }

        #expect(fault?.reason.hasPrefix(reason) == true, "\(fault?.reason ?? "")")
    }

    private static func body(_ fields: [(String, JSONValue)]) -> JSONValue {
        var object = JSONObject()
        for (key, value) in common + fields { object[key] = value }
        return .object(object)
    }
}
