import Basics
import FoundationEssentials
import Glibc
import Manifest

/// The program behind its command line.
package struct Program: Sendable {
    /// `surfaces demo`: runs until cancelled.
    ///
    /// Gets the port of its page and the environment.
    package typealias Demo = @Sendable (UInt16, [String: String]) async -> ExitCode

    private let catalog: SurfaceCatalog
    private let demo: Demo
    private let console = Console()

    /// - Parameters:
    ///   - catalog: The kinds of surfaces that a manifest may name.
    ///   - demo: Made elsewhere: what it simulates the host must not know.
    package init(catalog: SurfaceCatalog, demo: @escaping Demo) {
        self.catalog = catalog
        self.demo = demo
    }

    /// Takes over the signals of a program that runs on; before anything else, on the first thread.
    package static func prepare(_ arguments: [String]) {
        let runsOn: [CommandName] = [.run, .demo]
        if runsOn.contains(where: { $0.rawValue == arguments.first }) { Signals.takeOver() }
    }

    /// Does what the command line asks for.
    ///
    /// - Parameter arguments: Without the program’s name.
    package func run(_ arguments: [String], environment: [String: String]) async -> ExitCode {
        // Else a reader that has gone away kills the process: `surfaces check | head -1`, an agent that hangs up.
        signal(SIGPIPE, SIG_IGN)
        do throws(Invocation.Mistake) {
            return await perform(try Invocation(arguments, environment: environment, catalog), environment)
        } catch {
            let help = error.command.map { "surfaces \($0.rawValue) --help" } ?? "surfaces --help"
            console.complain("surfaces: \(error.message); see \(help)")
            return .usage
        }
    }

    private func perform(_ invocation: Invocation, _ environment: [String: String]) async -> ExitCode {
        switch invocation {
        case .version: console.print("surfaces \(Version.current)")
        case .help(let command): console.print(Usage.text(of: command, catalog))
        case .schema: console.print(ManifestSchema.text(catalog))
        case .completions(let shell): console.print(Completions(catalog).text(for: shell))
        case .initialize(let request): return InitCommand(catalog: catalog, console: console).run(request)
        case .pair(let request, let manifest): return PairCommand(console: console).run(request, manifest: manifest)
        case .demo(let port): return await runDemo(port, environment)
        case .run(let manifest):
            return await HostProgram(
                manifestPath: manifest,
                environment: environment,
                catalog: catalog,
                console: console
            ).run()
        case .check(let request):
            return await CheckCommand(catalog: catalog, console: console).run(request, environment)
        case .status(let manifest, let json):
            return await StatusCommand(console: console).run(manifest: manifest, json: json)
        }
        return .fine
    }

    /// Until SIGTERM or SIGINT.
    private func runDemo(_ port: UInt16, _ environment: [String: String]) async -> ExitCode {
        await withTaskGroup(of: ExitCode.self) { [demo] group in
            group.addTask { await demo(port, environment) }
            group.addTask {
                for await signal in Signals.events() where signal == .stop { break }
                return .fine
            }
            let code = await group.next() ?? .software
            group.cancelAll()
            return code
        }
    }
}
