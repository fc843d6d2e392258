import ChildProcess
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
        let process = try ChildProcess(
            program.path,
            arguments,
            environment: environment,
            in: folder,
            output: .pipe,
            errors: .pipe
        )
        // Each on a thread of its own: a full pipe would stop the program.
        async let errors = onThread { String(decoding: process.readErrors(), as: UTF8.self) }
        let output = await onThread { String(decoding: process.readOutput(), as: UTF8.self) }
        return Outcome(code: await onThread { process.wait() }, output: output, errors: await errors)
    }

    /// Runs `body` on a thread of its own, which may block.
    static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: body()) }
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
