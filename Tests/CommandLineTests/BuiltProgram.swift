import Foundation
import Testing

/// The built program, run as a process.
struct BuiltProgram {
    struct Outcome {
        let code: Int32
        let output: String
        let errors: String

        var errorLines: [Substring] { errors.split(separator: "\n") }
    }

    /// Beside the test bundle.
    static let url = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "surfaces")

    /// Ends when the program ends.
    ///
    /// - Parameter environment: Nothing of the tests’ own is inherited.
    static func run(
        _ arguments: String...,
        environment: [String: String] = [:],
        in folder: String? = nil
    ) async throws -> Outcome {
        try await run(arguments, environment: environment, in: folder)
    }

    static func run(
        _ arguments: [String],
        of program: URL = url,
        environment: [String: String] = [:],
        in folder: String? = nil
    ) async throws -> Outcome {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = program
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = folder.map { URL(filePath: $0) }
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // Each on a thread of its own: a full pipe would stop the program.
        async let errorText = text(of: errors)
        let outputText = try await text(of: output)
        let outcome = try await (outputText, errorText)
        process.waitUntilExit()
        return Outcome(code: process.terminationStatus, output: outcome.0, errors: outcome.1)
    }

    private static func text(of pipe: Pipe) async throws -> String {
        let handle = pipe.fileHandleForReading
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result { String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self) }
                )
            }
        }
    }
}

/// A folder for one test.
final class Folder {
    let path = FileManager.default.temporaryDirectory.appending(path: "command-line-\(UUID().uuidString)").path

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ text: String, to name: String = "surfaces.json") throws -> String {
        let file = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: file))
        return file
    }
}

/// The files of the repository.
enum Repository {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func file(_ path: String) -> URL { root.appending(path: path) }
}
