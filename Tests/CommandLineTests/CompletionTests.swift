import Foundation
import Testing

@testable import Commands
@testable import surfaces

/// What `surfaces completions` prints, loaded by the shells themselves.
@Suite("Completions")
struct CompletionTests {
    static let commands = CommandDescription.all(knownSurfaces).filter(\.name.isListed).map(\.name.rawValue)
    /// What stands on the line, its last word being typed, and some of what is offered.
    static let lines: [([String], offered: [String], not: [String])] = [
        ([""], commands + ["help"], ["schema"]), (["che"], ["check"], ["run"]),
        (["check", "--"], ["--manifest", "--online", "--smoke", "--json", "--help"], ["--force"]),
        (["init", "--surface", ""], ["matrix", "telegram", "max"], ["--policy"]),
        (["init", "--policy", "p"], ["pairing"], ["open"]),
        (["pair", ""], ["list", "approve", "revoke"], ["bash"]), (["completions", "f"], ["fish"], ["bash"]),
        (["help", "sta"], ["status"], ["run"]), (["run", "--manifest", "su"], ["surfaces one.json"], ["--manifest"]),
    ]

    static func isThere(_ shell: String) -> Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/\(shell)") }

    @Test(arguments: lines)
    func `complete a line in bash`(words: [String], offered: [String], not: [String]) async throws {
        let script = """
            source <("$0" completions bash) || exit
            COMP_WORDS=(surfaces "$@") COMP_CWORD=$#
            _surfaces
            printf '%s\\n' "${COMPREPLY[@]}"
            """

        try await expect(script, in: "bash", words, offered, not)
    }

    @Test func `complete a value behind an equals sign in bash, which makes three words of it`() async throws {
        let script = """
            source <("$0" completions bash) || exit
            COMP_WORDS=(surfaces init --policy = al) COMP_CWORD=4
            _surfaces
            echo "${COMPREPLY[@]}"
            """

        let outcome = try await run(script, in: "bash", [])

        #expect(outcome.output == "allowlist\n", "\(outcome.errors)")
    }

    @Test(.enabled(if: isThere("fish")), arguments: lines)
    func `complete a line in fish`(words: [String], offered: [String], not: [String]) async throws {
        let script = """
            $argv[1] completions fish | source; or exit
            complete -C "surfaces $argv[2..]" | string replace -r '\\t.*' '' | string unescape
            """

        try await expect(script, in: "fish", words, offered, not)
    }

    @Test(.enabled(if: isThere("zsh")))
    func `are loaded by zsh without a word`() async throws {
        let script = """
            autoload -U compinit; compinit -u -D
            source <("$0" completions zsh) || exit
            print -r -- $_comps[surfaces] $+functions[_surfaces]
            """

        let outcome = try await run(script, in: "zsh", [])

        #expect(outcome.output == "_surfaces 1\n")
        #expect(outcome.errors.isEmpty)
    }

    private func expect(
        _ script: String,
        in shell: String,
        _ words: [String],
        _ offered: [String],
        _ not: [String]
    ) async throws {
        let outcome = try await run(script, in: shell, words)

        let given = Set(outcome.output.split(separator: "\n").map(String.init))
        #expect(outcome.errors.isEmpty)
        #expect(given.isSuperset(of: offered), "\(given)")
        #expect(given.isDisjoint(with: not), "\(given)")
    }

    private func run(_ script: String, in shell: String, _ words: [String]) async throws -> BuiltProgram.Outcome {
        let folder = try Folder()
        try folder.write("", to: "surfaces one.json")
        let options = shell == "zsh" ? ["-f", "-c"] : ["-c"]
        return try await BuiltProgram.run(
            options + [script, BuiltProgram.url.path] + words,
            of: URL(filePath: "/usr/bin/\(shell)"),
            environment: ["PATH": "/usr/bin:/bin", "HOME": folder.path, "LANG": "C.UTF-8"],
            in: folder.path
        )
    }
}
