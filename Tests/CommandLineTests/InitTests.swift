import Basics
import Foundation
import Settings
import Testing

@testable import Commands
@testable import surfaces

/// `surfaces init`.
@Suite("Init")
struct InitTests {
    static let secrets = [
        "MATRIX_ACCESS_TOKEN": "syt_x", "TELEGRAM_TOKEN": "123456789:TEST-token_for_the_simulator", "MAX_TOKEN": "m4x",
        "MATRIX_PASSWORD": "p", "AGENT_BASE_URL": "http://127.0.0.1:8000/", "OURS": "http://127.0.0.1:8000/",
    ]

    static let all = ["--surface", "telegram", "--surface", "matrix", "--homeserver", "https://m.example.org"]

    static let commands: [[String]] = [
        ["--surface", "telegram"], ["--surface=max", "--policy", "open"],
        all + ["--policy", "allowlist", "--user", "telegram:7", "--user", "matrix:@ann:example.org"],
        all + ["--policy", "allowlist"], all + ["--user", "telegram:7", "--agent-variable", "OURS"],
        ["--surface", "matrix", "--option", "matrix.homeserver=http://h", "--option", "matrix.user=bot"]
            + ["--option", "matrix.password=MATRIX_PASSWORD", "--option", "matrix.autoJoin=never"],
        ["--surface", "telegram", "--option", "telegram.drafts=false"],
    ]

    @Test(arguments: commands)
    func `writes what the check accepts as soon as the variables are set`(arguments: [String]) async throws {
        let folder = try Folder()

        let written = try await BuiltProgram.run(["init"] + arguments, in: folder.path)
        let check = try await BuiltProgram.run("check", environment: Self.secrets, in: folder.path)

        #expect(written.code == 0, "\(written.errors)")
        #expect(written.output.contains("surfaces check --online"))
        #expect(check.code == 0, "\(check.errors)")
        #expect(check.errors.isEmpty)
    }

    @Test func `writes each thing that it was told, and names each variable`() async throws {
        let folder = try Folder()
        let arguments = ["init", "--output", "a.json", "--agent-variable", "OURS", "--user", "matrix:@ann:example.org"]

        let outcome = try await BuiltProgram.run(arguments + Self.all, in: folder.path)

        let text = try String(contentsOfFile: "\(folder.path)/a.json", encoding: .utf8)
        let expected: JSONValue = [
            "version": 1, "agent": ["baseURL": ["env": "OURS"]],
            "surfaces": [
                [
                    "id": "telegram", "kind": "telegram", "access": ["policy": "pairing"],
                    "options": ["token": ["env": "TELEGRAM_TOKEN"]],
                ],
                [
                    "id": "matrix", "kind": "matrix",
                    "access": ["policy": "pairing", "users": ["@ann:example.org"]],
                    "options": ["homeserver": "https://m.example.org", "accessToken": ["env": "MATRIX_ACCESS_TOKEN"]],
                ],
            ],
        ]
        #expect(try JSONValue(parsing: Array(text.utf8)) == expected)
        for name in ["TELEGRAM_TOKEN", "MATRIX_ACCESS_TOKEN", "OURS"] {
            #expect(outcome.output.contains("export \(name)="))
        }
        #expect(outcome.output.contains("surfaces run --manifest a.json"))
    }

    static let refusals: [([String], String)] = [
        ([], "as “--surface matrix”"), (["--surface", "matrix"], "--homeserver URL"),
        (["--surface", "telegramm"], "did you mean \"telegram\"?"),
        (["--surface", "max", "--surface", "max"], "named twice"),
        (["--surface", "max", "--homeserver", "https://h"], "leave “--homeserver” out"),
        (["--surface", "max", "--user", "telegram:7"], "“--surface telegram”"),
        (["--surface", "max", "--user", "max:ann"], "is not how max names an account"),
        (["--surface", "max", "--user", "7"], "KIND:ID"), (["--surface", "max", "--policy", "all"], "allowlist"),
        (["--surface", "max", "--policy", "open", "--user", "max:7"], "contradicts the policy open"),
        (["--surface", "max", "--option", "max.tokn=T"], "did you mean \"token\"?"),
        (["--surface", "max", "--option", "token=T"], "KIND.KEY=VALUE"),
        (["--surface", "max", "--option", "max.token=f9LHodD0cOL"], "never the secret itself"),
        (["--surface", "max", "--agent-variable", "http://h"], "never the secret itself"),
        (["--surface", "max", "--option", "max.receive=webhook"], "webhooks.publicURL"),
        (["--surface", "matrix", "--homeserver", "https://ann:f9LHodD0cOL@h"], "homeserver"),
        (["--surface", "max", "--output", "absent/s.json"], "No such file"),
    ]

    @Test(arguments: refusals)
    func `writes nothing when something is wrong, and says what`(arguments: [String], message: String) async throws {
        let folder = try Folder()

        let outcome = try await BuiltProgram.run(["init"] + arguments, in: folder.path)

        #expect(outcome.code == (message.hasPrefix("No such") ? 69 : 64))
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
        #expect(!outcome.errors.contains("f9LHodD0cOL"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }

    @Test func `replaces a file only by force`() async throws {
        let folder = try Folder()
        let file = try folder.write("mine")

        let refused = try await BuiltProgram.run("init", "--surface", "max", in: folder.path)
        #expect(refused.code == 64)
        #expect(refused.errors.contains("--force"))
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")

        let forced = try await BuiltProgram.run("init", "--surface", "max", "--force", in: folder.path)
        #expect(forced.code == 0)
        #expect(try String(contentsOfFile: file, encoding: .utf8).contains("MAX_TOKEN"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["surfaces.json"])
    }

    @Test func `asks again until an answer is right`() {
        var answers = [
            "", "matrx", "matrix, max", "nonsense", "https://m.example.org", "syt_secret", "", "", "nobody",
            "allowlist",
            "ann", "@ann:example.org @bob:example.org", "", "OURS",
        ][...]
        var said: [String] = []
        let interview = Interview(catalog: Catalog.surfaces) { _ in
            answers.popFirst()
        } say: {
            said.append($0)
        }

        let request = interview.complete(InitRequest(output: "o"))

        var expected = InitRequest(output: "o")
        expected.kinds = ["matrix", "max"]
        expected.options = [
            "matrix": ["homeserver": "https://m.example.org", "accessToken": "MATRIX_ACCESS_TOKEN"],
            "max": ["token": "MAX_TOKEN"],
        ]
        expected.policy = .allowlist
        expected.users = ["matrix": ["@ann:example.org", "@bob:example.org"], "max": []]
        expected.agentVariable = "OURS"
        #expect(request == expected)
        #expect(answers.isEmpty)
        #expect(said.contains { $0.contains("did you mean \"matrix\"?") })
        #expect(!said.contains { $0.contains("syt_secret") })
    }

    @Test func `gives up when nobody answers any more`() {
        var answers = ["telegram", ""][...]

        let request = Interview(catalog: Catalog.surfaces) { _ in
            answers.popFirst()
        } say: { _ in
        }
        .complete(InitRequest(output: "o"))

        #expect(request == nil)
    }
}
