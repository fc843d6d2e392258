import Settings
import SurfaceKit
import Testing

@testable import Commands
@testable import surfaces

@Suite("Command line")
struct InvocationTests {
    static let understood: [([String], Invocation)] = [
        (["run"], .run(manifest: "surfaces.json")),
        (["run", "--manifest", "a b.json"], .run(manifest: "a b.json")),
        (["run", "--manifest=x=y"], .run(manifest: "x=y")),
        (["run", "--manifest", "--json"], .run(manifest: "--json")),
        (["check"], .check(CheckRequest(manifest: "surfaces.json", online: false, smoke: false, json: false))),
        (
            ["check", "--json", "--smoke", "--online", "--manifest", "m"],
            .check(CheckRequest(manifest: "m", online: true, smoke: true, json: true))
        ),
        (["status"], .status(manifest: "surfaces.json", json: false)),
        (["status", "--json"], .status(manifest: "surfaces.json", json: true)),
        (["pair", "list"], .pair(.list, manifest: "surfaces.json")),
        (["pair", "approve", "ABCD2345", "--manifest", "m"], .pair(.approve(code: "ABCD2345"), manifest: "m")),
        (["pair", "revoke", "matrix", "@a:b"], .pair(.revoke("matrix", "@a:b"), manifest: "surfaces.json")),
        (["schema"], .schema), (["completions", "zsh"], .completions(.zsh)),
        (["--version"], .version),
        (["--help"], .help(nil)),
        (["-h"], .help(nil)),
        (["help"], .help(nil)),
        (["help", "check"], .help(.check)),
        (["run", "--help"], .help(.run)),
        (["check", "--nonsense", "-h"], .help(.check)),
    ]

    @Test(arguments: understood)
    func `is understood`(arguments: [String], invocation: Invocation) throws {
        #expect(try Invocation(arguments, environment: [:], knownSurfaces) == invocation)
    }

    @Test func `takes the manifest from SURFACES_MANIFEST, unless one is named`() throws {
        let environment = ["SURFACES_MANIFEST": "other.json"]

        #expect(try Invocation(["run"], environment: environment, knownSurfaces) == .run(manifest: "other.json"))
        #expect(
            try Invocation(["run", "--manifest", "m"], environment: environment, knownSurfaces)
                == .run(manifest: "m")
        )
        #expect(
            try Invocation(["run"], environment: ["SURFACES_MANIFEST": ""], knownSurfaces)
                == .run(manifest: "surfaces.json")
        )
    }

    @Test func `takes what a new manifest should say, some of it more than once`() throws {
        let arguments = [
            "init", "--surface", "max", "--surface=matrix", "--homeserver", "https://h", "--policy", "allowlist",
            "--user", "matrix:@a:b", "--user", "max:7", "--option", "max.apiBaseURL=http://h/a=b", "--force",
        ]
        var expected = InitRequest(output: "o.json")
        expected.kinds = ["max", "matrix"]
        expected.addresses = ["homeserver": "https://h"]
        expected.policy = .allowlist
        expected.users = ["matrix": ["@a:b"], "max": ["7"]]
        expected.options = ["max": ["apiBaseURL": "http://h/a=b"]]
        expected.replaces = true

        #expect(
            try Invocation(arguments, environment: ["SURFACES_MANIFEST": "o.json"], knownSurfaces)
                == .initialize(expected)
        )
    }

    @Test(arguments: [
        ([], "a command is missing"), (["rnu"], "unknown command “rnu”; did you mean “run”?"),
        (["chek"], "unknown command “chek”; did you mean “check”?"), (["dance"], "unknown command “dance”"),
        ([""], "unknown command “”"), (["--verison"], "unknown option “--verison”; did you mean “--version”?"),
        (["run", "--manifets", "x"], "unknown option “--manifets”; did you mean “--manifest”?"),
        (["run", "--online"], "unknown option “--online”"), (["run", "x"], "“x” is one word too many"),
        (["run", "--manifest"], "“--manifest” needs a FILE"), (["run", "--manifest", ""], "“--manifest” needs a FILE"),
        (["check", "--json", "--json"], "“--json” is given twice"), (["check", "--json=1"], "“--json” takes no value"),
        (["run", "--manifest", "a", "--manifest=b"], "“--manifest” is given twice"),
        (["run", "-"], "unknown option “-”"),
        (["completions"], "say for which shell: surfaces completions bash | zsh | fish"),
        (["completions", "csh"], "say for which shell: surfaces completions bash | zsh | fish"),
        (["init", "--force", "--force"], "“--force” is given twice"), (["init", "x"], "“x” is one word too many"),
        (["pair"], "say what to do: surfaces pair list | approve CODE | revoke SURFACE USER"),
        (["pair", "approve"], "say what to do: surfaces pair list | approve CODE | revoke SURFACE USER"),
        (["pair", "revoke", "a"], "say what to do: surfaces pair list | approve CODE | revoke SURFACE USER"),
    ])
    func `is refused with what is wrong, and what was meant`(arguments: [String], message: String) {
        #expect { try Invocation(arguments, environment: [:], knownSurfaces) } throws: { error in
            (error as? Invocation.Mistake)?.message == message
        }
    }

    @Test(arguments: CommandName.allCases)
    func `has help for each command and option`(command: CommandName) throws {
        let description = try #require(CommandDescription.of(command, knownSurfaces))
        let help = Usage.text(of: command, knownSurfaces)

        #expect(help.contains("surfaces \(command.rawValue)"))
        for option in description.options { #expect(help.contains("  \(option.name)")) }
        #expect(Usage.text(of: nil, knownSurfaces).contains("  \(command.rawValue) ") == command.isListed)
        #expect(help.split(separator: "\n").allSatisfy { $0.count <= 120 })
    }
}
