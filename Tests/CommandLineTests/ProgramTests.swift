import Basics
import Foundation
import HTTP
import Testing

@testable import Commands
@testable import surfaces

@Suite("Program")
struct ProgramTests {
    static let endings: [([String], Int32, String)] = [
        (["--version"], 0, "surfaces \(Version.current)\n"),
        (["--help"], 0, Usage.text(of: nil, knownSurfaces) + "\n"),
        (["check", "--help"], 0, Usage.text(of: .check, knownSurfaces) + "\n"), ([], 64, ""), (["chekc"], 64, ""),
        (["pair", "list", "--manifest", "/absent"], 78, ""), (["pair", "approve"], 64, ""),
        (["check", "--manifest", "/absent"], 78, ""),
        (["run", "--manifest", "/absent"], 78, ""),
        (["status", "--manifest", "/absent"], 78, ""),
    ]

    @Test(arguments: endings)
    func `answers with the exit code of sysexits`(arguments: [String], code: Int32, output: String) async throws {
        let outcome = try await BuiltProgram.run(arguments)

        #expect(outcome.code == code)
        #expect(outcome.output == output)
        #expect(outcome.errorLines.count == (code == 0 ? 0 : 1))
    }

    @Test func `takes no offence when nobody reads what it prints`() async throws {
        let script = "(\"$0\" schema; echo $? >&2) | true"

        let outcome = try await BuiltProgram.run(["-c", script, BuiltProgram.url.path], of: URL(filePath: "/bin/sh"))

        #expect(outcome.errors == "0\n")
    }

    @Test func `checks the sample manifest`() async throws {
        let sample = Repository.file("surfaces.json").path
        let unset = try await BuiltProgram.run("check", "--manifest", sample)
        let set = try await BuiltProgram.run(
            "check",
            "--manifest",
            sample,
            environment: [
                "AGENT_BASE_URL": "http://127.0.0.1:8000/", "MATRIX_ACCESS_TOKEN": "syt_x", "TELEGRAM_TOKEN": "1:x",
            ]
        )

        #expect(unset.code == 78)
        // The address of the agent and two tokens; a surface that is switched off may lack its own.
        #expect(unset.errorLines.count == 3)
        #expect(set.code == 0, "\(set.errors)")
        #expect(set.output.contains("only @ann:example.org"))
        #expect(set.output.contains("people whom you approve"))
        #expect(set.errors.isEmpty)
    }

    @Test func `prints the schema that is kept`() async throws {
        let outcome = try await BuiltProgram.run("schema")

        let kept = try String(contentsOf: Repository.file("docs/surfaces.schema.json"), encoding: .utf8)
        #expect(outcome.output == kept, "run: surfaces schema > docs/surfaces.schema.json")
    }

    @Test func `tells all mistakes on standard error, and as JSON when asked`() async throws {
        let folder = try Folder()
        try folder.write("{\n\"version\": 2,\n\"surfces\": []\n}")

        let outcome = try await BuiltProgram.run("check", "--json", in: folder.path)

        #expect(outcome.code == 78)
        #expect(
            outcome.errorLines == [
                "surfaces.json:1: surfaces: is missing; write \"surfaces\": [ … ]",
                "surfaces.json:1: agent.baseURL: nothing gives the agent’s address: agent.baseURL, AGENT_BASE_URL and "
                    + "AGENT_WS_URL are all unset; set AGENT_BASE_URL to the URL that the agent is posted to",
                "surfaces.json:2: version: must be 1",
                "surfaces.json:3: surfces: unknown key; did you mean \"surfaces\"?",
            ]
        )
        let json = try JSONValue(parsing: outcome.output.utf8)
        #expect(json["ok"] == false)
        #expect(json["mistakes"]?.array?.count == 4)
        #expect(json["mistakes"]?[2] == ["path": "version", "line": 2, "message": "must be 1", "hint": nil])
        #expect(json["reach"] == [])
        #expect(json["online"] == [])
    }

    @Test func `tells who can reach what`() async throws {
        let folder = try Folder()
        func surface(_ id: String, _ more: String) -> String {
            """
            {"id": "\(id)", "kind": "matrix", \(more), "options": {"homeserver": "http://h", "accessToken": {"env": "T"}}}
            """
        }
        let surfaces = [
            surface("a", #""access": {"policy": "open"}, "groups": {"respond": "always"}"#),
            surface("b", #""access": {"policy": "allowlist"}"#),
            surface(
                "c",
                #""access": {"policy": "allowlist", "users": ["@x:y", "@z:y"]}, "groups": {"respond": "never"}"#
            ),
            surface("d", #""access": {"policy": "open"}, "enabled": false"#),
        ]
        try folder.write(#"{"version": 1, "surfaces": [\#(surfaces.joined(separator: ","))]}"#)

        let outcome = try await BuiltProgram.run(
            "check",
            "--json",
            environment: ["T": "t", "AGENT_BASE_URL": "http://h"],
            in: folder.path
        )

        let reach = try JSONValue(parsing: outcome.output.utf8)["reach"]?.array ?? []
        #expect(outcome.code == 0)
        #expect(
            reach.map { "\($0["surface"]?.string ?? "") \($0["who"]?.string ?? "")" } == [
                "a anyone; in groups with every message", "b nobody: \"users\" is empty",
                "c only @x:y, @z:y; not in groups", "d nobody: the surface is switched off",
            ]
        )
    }
}
