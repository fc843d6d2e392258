import Basics
import Manifest

/// The host as a part of another program: on a real manifest, ended by cancelling it.
package struct EmbeddedHost: Sendable {
    /// Why it did not run; what exactly is wrong was said on standard error.
    package struct Failure: Error, CustomStringConvertible {
        package let code: ExitCode

        package var description: String { "the host ended with exit code \(code.rawValue)" }
    }

    private let manifestPath: String
    private let environment: [String: String]
    private let catalog: SurfaceCatalog
    private let log: Log

    package init(manifestPath: String, environment: [String: String], catalog: SurfaceCatalog, log: Log) {
        self.manifestPath = manifestPath
        self.environment = environment
        self.catalog = catalog
        self.log = log
    }

    /// Runs until cancelled, then ends without a drain, as if the process had been killed: what runs is cut off, what is
    /// owed stays in the state for the next start.
    ///
    /// - Parameter opened: Called once when it runs.
    package func run(opened: @escaping @Sendable (HostWindow) -> Void) async throws(Failure) {
        let (signals, end) = AsyncStream.makeStream(of: Signals.Event.self)
        defer { end.finish() }
        let code = await HostProgram(
            manifestPath: manifestPath,
            environment: environment,
            catalog: catalog,
            console: Console(),
            log: log,
            opened: opened
        ).run(signals)
        guard Task.isCancelled || code == .fine else { throw Failure(code: code) }
    }
}
