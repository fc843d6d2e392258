import Foundation
import Testing

@testable import Manifest

/// One manifest of the table in `Fixtures/mistakes.json`.
struct MistakeCase: Decodable, Sendable, CustomTestStringConvertible {
    let about: String
    /// The manifest, line by line.
    let text: [String]
    /// Changes to the usual environment; `null` unsets a variable.
    let environment: [String: String?]?
    /// `LINE PATH: MESSAGE; HINT`, in order.
    let mistakes: [String]

    var testDescription: String { about }

    static let all: [MistakeCase] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/mistakes.json")
        return (try? JSONDecoder().decode([MistakeCase].self, from: Data(contentsOf: file))) ?? []
    }()
}

@Suite("Mistakes in a manifest")
struct MistakeTests {
    @Test func `have a table`() {
        #expect(MistakeCase.all.count > 50)
    }

    @Test(arguments: MistakeCase.all)
    func `are all told, with line, path and what would be right`(example: MistakeCase) throws {
        let deployment = try Deployment(example.text.joined(separator: "\n"))
        var environment = Deployment.environment
        for (name, value) in example.environment ?? [:] { environment[name] = value }

        let mistakes = told { () throws(ManifestError) in try deployment.load(environment) }
        #expect(mistakes.map { $0.replacing(deployment.folder, with: "FOLDER") } == example.mistakes)
    }

    @Test func `include a file that cannot be read`() throws {
        let deployment = try Deployment("")
        let expectations = [
            "absent.json": "- the file does not exist; name one with --manifest FILE or SURFACES_MANIFEST",
            "secret/x.json": "- the file does not exist; name one with --manifest FILE or SURFACES_MANIFEST",
            "folder": "- this is a directory, not a file",
            "surfaces.json": "1 not JSON at column 1: the text is empty",
        ]

        for (name, mistake) in expectations {
            let mistakes = told { () throws(ManifestError) in
                try Manifest.load("\(deployment.folder)/\(name)", environment: [:], catalog: Deployment.catalog)
            }
            #expect(mistakes == [mistake])
        }
    }

    @Test func `include a file that is too large`() throws {
        let deployment = try Deployment(String(repeating: " ", count: 1 << 20) + "{}")

        #expect(
            told { () throws(ManifestError) in try deployment.load() } == ["- the file is larger than 1048576 bytes"]
        )
    }

    @Test func `never repeat a secret`() throws {
        let secret = "hunter2secret"
        let manifests = [
            "\"token\": \"\(secret)\"", "\"token\": {\"env\": \"\(secret)\"}", "\"token\": {\"env\": \"\(secret):x\"}",
            "\"token\": [\"\(secret)\"]", "\"token\": {\"enw\": \"\(secret)\"}", "\"token\": {\"file\": \"\(secret)\"}",
        ].map {
            Deployment.manifest(
                "\"agent\": {\"baseURL\": \"http://u:\(secret)@h\", \"proxy\": \"http://u:\(secret)@h\"}",
                surface: #"{"id": "a", "kind": "sample", "options": {"server": "ftp://x:\#(secret)@h", \#($0)}}"#
            )
        }

        for manifest in manifests {
            let deployment = try Deployment(manifest)
            let mistakes = told { () throws(ManifestError) in try deployment.load() }
            #expect(mistakes.count == 4)
            #expect(!mistakes.joined().contains(secret))
        }
    }

    private func told(_ load: () throws(ManifestError) -> Manifest) -> [String] {
        do {
            _ = try load()
            return []
        } catch {
            return error.mistakes.map { "\($0.line.map(String.init) ?? "-") \($0)" }
        }
    }
}
