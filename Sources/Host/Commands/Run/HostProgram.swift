import AgentLink
import Basics
import Engine
import FoundationEssentials
import Glibc
import HTTP
import Manifest
import Metrics
import Operations
import Settings
import State
import SurfaceKit

/// `surfaces run`: the host from its manifest to its exit.
struct HostProgram: Sendable {
    private let manifestPath: String
    private let environment: [String: String]
    private let catalog: SurfaceCatalog
    private let console: Console
    private let log: Log
    private let service: ServiceManager
    private let system = OperatingSystem()
    private let metrics = HostMetrics()
    /// Called when the host runs.
    private let opened: @Sendable (HostWindow) -> Void

    /// - Parameter log: `nil` is the one that the environment asks for.
    init(
        manifestPath: String,
        environment: [String: String],
        catalog: SurfaceCatalog,
        console: Console,
        log: Log? = nil,
        opened: @escaping @Sendable (HostWindow) -> Void = { _ in }
    ) {
        self.manifestPath = manifestPath
        self.environment = environment
        self.catalog = catalog
        self.console = console
        self.opened = opened
        service = ServiceManager(environment: environment, system: system)
        let settings = LogSettings(environment: environment)
        self.log = (log ?? Log(settings)).observed(from: .warning, by: metrics.note)
        for (variable, known) in settings.unknown {
            self.log.warning("The value of a variable means nothing", ["variable": variable, "known": known])
        }
    }

    /// What other programs take a proxy from; this one takes it from the manifest only.
    private static let proxyVariables = [
        "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy",
    ]

    /// Runs until SIGTERM or SIGINT, then drains; when cancelled it ends without a drain.
    ///
    /// - Parameter signals: Of the process, whose ``Signals/takeOver()`` was called before.
    func run(_ signals: AsyncStream<Signals.Event> = Signals.events()) async -> ExitCode {
        raiseDescriptorLimit()
        // The state holds secrets and what people wrote, also in a folder that others may look into.
        umask(0o077)
        let manifest: Manifest
        do throws(ManifestError) {
            manifest = try Manifest.load(manifestPath, environment: environment, catalog: catalog)
        } catch {
            for mistake in error.mistakes { console.complain(mistake.line(in: manifestPath)) }
            return .configuration
        }
        mention(manifest)
        do throws(StateLock.Failure) {
            let lock = try StateLock(directory: manifest.state.path)
            defer { _ = lock }
            return await run(manifest, signals)
        } catch {
            console.complain("surfaces: the state in \(manifest.state.path) \(error)")
            return .unavailable
        }
    }

    private func run(_ manifest: Manifest, _ signals: AsyncStream<Signals.Event>) async -> ExitCode {
        let store: SQLiteStore
        do throws(StateError) {
            store = try SQLiteStore(path: manifest.state.database, on: system)
        } catch {
            console.complain("surfaces: the state in \(manifest.state.path) cannot be opened: \(error.reason)")
            return .unavailable
        }
        let webhooks = manifest.webhooks.publicURL.map { WebhookRoutes(publicURL: $0) }
        let runtime = HostRuntime(
            system: system,
            store: store,
            settings: HostSettings(manifest, log: log),
            webhooks: webhooks,
            metrics: metrics,
            log: log
        )
        let desk = OperatorDesk(
            system: system,
            store: store,
            metrics: metrics,
            address: manifest.adminAddress,
            runtime: runtime
        )
        let admin = AdminListener(desk: desk)
        let code: ExitCode
        do {
            code = try await HTTPListener(address: manifest.adminAddress).serve({ await admin.answer($0) }) { address in
                log.info("The host runs", ["version": Version.current, "pid": getpid(), "admin": address])
                opened(HostWindow(admin: address, store: store))
                try await listen(for: webhooks, at: manifest.webhooks.address) {
                    service.isReady(Self.running)
                    await reassuring(by: store) { await runtime.run(changes(of: manifest, after: signals)) }
                }
                return .fine
            }
        } catch let failure as WebhookListenerFailure {
            console.complain("surfaces: webhooks.listen: \(failure.reason)")
            code = .unavailable
        } catch {
            console.complain("surfaces: http.listen: \(error)")
            code = .unavailable
        }
        await store.close()
        log.info("The host has ended")
        return code
    }

    private struct WebhookListenerFailure: Error {
        let reason: String
    }

    /// Listens for messengers, when the manifest gives them an address, for as long as `body` runs.
    private func listen(
        for webhooks: WebhookRoutes?,
        at address: SocketAddress,
        while body: () async -> Void
    ) async throws {
        guard let webhooks else { return await body() }
        do {
            try await HTTPListener(address: address).serve({ await webhooks.answer($0) }) { address in
                log.info("Webhooks are awaited", ["address": address])
                await body()
            }
        } catch {
            throw WebhookListenerFailure(reason: "\(error)")
        }
    }

    // MARK: The service manager

    private static let running = "Running"
    /// What the end takes beside the drain: the last deliveries, and closing.
    private static let lastWords = Duration.seconds(15)

    /// Keeps the watchdog quiet while `body` runs and the store answers.
    private func reassuring(by store: any StateStore, while body: () async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await service.reassure { _ = try await store.foreignChanges() }
            }
            await body()
            group.cancelAll()
        }
    }

    // MARK: Signals

    /// New settings after each SIGHUP; ends at the first SIGTERM or SIGINT.
    ///
    /// A second one ends the process at once.
    private func changes(
        of manifest: Manifest,
        after signals: AsyncStream<Signals.Event>
    ) -> AsyncStream<HostSettings> {
        let (changes, continuation) = AsyncStream.makeStream(of: HostSettings.self)
        Task {
            var stops = 0
            for await signal in signals {
                switch signal {
                case .reload:
                    service.reloads()
                    let new = reload(manifest)
                    if let new { continuation.yield(new) }
                    service.isReady(new == nil ? "Running; the new manifest is refused" : Self.running)
                case .stop:
                    stops += 1
                    // What is owed is in the store; nothing else needs a tidy end.
                    if stops > 1 { _exit(ExitCode.fine.rawValue) }
                    service.stops(within: manifest.drain + Self.lastWords)
                    log.info("Host stopping: what runs may end first", ["drainSeconds": manifest.drain])
                    continuation.finish()
                }
            }
        }
        return changes
    }

    private func reload(_ running: Manifest) -> HostSettings? {
        do throws(ManifestError) {
            let new = try Manifest.load(manifestPath, environment: environment, catalog: catalog)
            if new.state.path != running.state.path {
                log.warning("A new state.path needs a restart; the running one stays")
            }
            if new.adminAddress != running.adminAddress || new.webhooks != running.webhooks {
                log.warning("A new address to listen at needs a restart; the running one stays")
            }
            log.info("The manifest was read again")
            return HostSettings(new, log: log)
        } catch {
            for mistake in error.mistakes {
                log.error("The new manifest is refused; nothing changes", ["mistake": mistake])
            }
            return nil
        }
    }

    // MARK: At the start

    private func mention(_ manifest: Manifest) {
        if manifest.agent.addressSource == .webSocketVariable {
            log.warning(
                "AGENT_WS_URL is deprecated: set AGENT_BASE_URL",
                ["address": manifest.agent.configuration.url]
            )
        }
        let proxies = Self.proxyVariables.filter { environment[$0]?.isEmpty == false }
        if !proxies.isEmpty {
            log.warning("Proxy variables are ignored: use `proxy`", ["variables": proxies.joined(separator: ",")])
        }
    }

    /// Each chat and each run holds a socket: the soft limit of 1024 is soon reached.
    private func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
