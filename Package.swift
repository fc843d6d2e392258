// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A messenger, with its code in `Sources/Surfaces` and its tests in `Tests`.
///
/// It never sees another one, nor the host.
struct Messenger {
    let name: String
    /// What its tests need beside what all do.
    var needs: [Target.Dependency] = []
    /// Whether its tests keep recorded data in `Fixtures`.
    var fixtures = false

    var dependency: Target.Dependency { .target(name: name) }

    var code: Target {
        .target(
            name: name,
            dependencies: ["SurfaceKit", "HTTP", "Basics"],
            path: "Sources/Surfaces/\(name)",
            exclude: ["README.md"],
            swiftSettings: settings
        )
    }

    var tests: Target {
        .testTarget(
            name: "\(name)Tests",
            dependencies: [dependency, "Sandbox", "SurfaceConformance", "SurfaceKit", "HTTP", "Basics"] + needs,
            exclude: fixtures ? ["Fixtures"] : [],
            swiftSettings: settings
        )
    }
}

/// Every messenger; a new one is one line (`scripts/new-surface` writes it).
let messengers = [
    Messenger(name: "Terminal"),
    Messenger(name: "Matrix", needs: ["CCrypto"], fixtures: true),
    Messenger(name: "Max", needs: ["TLSFixture"], fixtures: true),
    Messenger(name: "Telegram", fixtures: true),
]

let package = Package(
    name: "surfaces",
    products: [.executable(name: "surfaces", targets: ["surfaces"])],
    targets: [
        // C libraries of the distribution, each behind a few lines of shim.
        .systemLibrary(name: "CCurl", path: "Sources/CLibraries/CCurl", pkgConfig: "libcurl"),
        .systemLibrary(name: "CMicroHTTPD", path: "Sources/CLibraries/CMicroHTTPD", pkgConfig: "libmicrohttpd"),
        .systemLibrary(name: "CSQLite", path: "Sources/CLibraries/CSQLite", pkgConfig: "sqlite3"),
        .systemLibrary(name: "CCrypto", path: "Sources/CLibraries/CCrypto", pkgConfig: "libcrypto"),
        .systemLibrary(name: "CMarkdown", path: "Sources/CLibraries/CMarkdown", pkgConfig: "libcmark-gfm"),

        // What FoundationEssentials lacks and everyone needs: JSON with positions, secrets, logs, digests.
        .target(
            name: "Basics",
            dependencies: ["CCrypto"],
            swiftSettings: settings,
            linkerSettings: [.linkedLibrary("m")]
        ),

        // Web pages, embedded in the program.
        .target(name: "CWebPages", exclude: ["pages"]),

        // One HTTP client, one HTTP listener that also serves the pages, one SSE parser.
        .target(
            name: "HTTP",
            dependencies: ["Basics", "CCurl", "CMicroHTTPD", "CWebPages"],
            swiftSettings: settings
        ),

        // The contract between the host and a messenger.
        .target(name: "SurfaceKit", dependencies: ["Basics", "CMarkdown"], swiftSettings: settings),

        // Simulated messengers, a sample agent and the playground: for tests and for trying the program out.
        .target(
            name: "Sandbox",
            dependencies: ["HTTP", "Basics", "CCrypto", "CWebPages"],
            exclude: [
                "README.md", "Telegram/bot-api.json", "Telegram/bot-api.LICENSE.txt", "Max/max-api.json",
                "Max/max-api.LICENSE.txt",
            ],
            swiftSettings: settings
        ),

        // The one agent client. It knows runs and replies, not messengers.
        .target(name: "AgentLink", dependencies: ["HTTP", "Basics"], swiftSettings: settings),

        // Everything between the two, in layers of which each sees only those before it.
        // What people set.
        .target(
            name: "Settings",
            dependencies: ["SurfaceKit", "AgentLink", "Basics"],
            path: "Sources/Host/Settings",
            swiftSettings: settings
        ),
        // What must not be forgotten: the only one that sees SQL and the files of the state.
        .target(
            name: "State",
            dependencies: ["SurfaceKit", "AgentLink", "Basics", "CSQLite"],
            path: "Sources/Host/State",
            swiftSettings: settings
        ),
        // What the host says to people in its own words.
        .target(
            name: "Words",
            dependencies: ["Settings", "State", "SurfaceKit", "Basics"],
            path: "Sources/Host/Words",
            swiftSettings: settings
        ),
        // What is counted.
        .target(
            name: "Metrics",
            dependencies: ["State", "SurfaceKit", "AgentLink", "Basics"],
            path: "Sources/Host/Metrics",
            swiftSettings: settings
        ),
        // How answers are laid out in messages.
        .target(
            name: "Replies",
            dependencies: ["SurfaceKit", "Basics"],
            path: "Sources/Host/Replies",
            swiftSettings: settings
        ),
        // What happens: intake, turns, deliveries, surfaces.
        .target(
            name: "Engine",
            dependencies: [
                "Settings", "State", "Words", "Metrics", "Replies", "SurfaceKit", "AgentLink", "HTTP", "Basics",
            ],
            path: "Sources/Host/Engine",
            swiftSettings: settings
        ),
        // Reading the manifest.
        .target(
            name: "Manifest",
            dependencies: ["Settings", "SurfaceKit", "AgentLink", "HTTP", "Basics"],
            path: "Sources/Host/Manifest",
            swiftSettings: settings
        ),
        // Looking at the host while it runs.
        .target(
            name: "Operations",
            dependencies: ["Engine", "Metrics", "State", "Settings", "SurfaceKit", "HTTP", "Basics"],
            path: "Sources/Host/Operations",
            swiftSettings: settings
        ),
        // The commands of the program.
        .target(
            name: "Commands",
            dependencies: [
                "Operations", "Manifest", "Engine", "Metrics", "Words", "State", "Settings", "SurfaceKit", "AgentLink",
                "HTTP", "Basics",
            ],
            path: "Sources/Host/Commands",
            swiftSettings: settings
        ),

        // The composition root: the only target that sees every adapter.
        .executableTarget(
            name: "surfaces",
            dependencies: ["Commands", "Manifest", "Sandbox", "HTTP", "Basics"] + messengers.map(\.dependency),
            path: "Sources/Main",
            swiftSettings: settings
        ),

        .testTarget(
            name: "StateTests",
            dependencies: ["State", "SurfaceKit", "AgentLink", "Basics"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "WordsTests",
            dependencies: ["Words", "Settings", "State", "SurfaceKit", "Basics"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "MetricsTests",
            dependencies: ["Metrics", "State", "SurfaceKit", "AgentLink", "Basics"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EngineTests",
            dependencies: [
                "Engine", "Metrics", "Replies", "Words", "State", "Settings", "SurfaceKit", "AgentLink", "Basics",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "OperationsTests",
            dependencies: ["Operations", "Engine", "Metrics", "State", "Settings", "SurfaceKit", "Basics"],
            swiftSettings: settings
        ),
        // The simulated messengers by themselves, for tests in other languages; not shipped.
        .executableTarget(
            name: "surfaces-sandbox",
            dependencies: ["Sandbox", "HTTP", "Basics"],
            path: "Tests/sandbox",
            swiftSettings: settings
        ),
        .testTarget(
            name: "SandboxTests",
            dependencies: ["Sandbox", "ChildProcess", "HTTP", "Basics"],
            swiftSettings: settings
        ),
        // A server on loopback that answers in any odd way.
        .target(name: "LoopbackServer", path: "Tests/LoopbackServer", swiftSettings: settings),
        // A program that a test starts, and the calls of glibc that it needs.
        .target(name: "CSpawn", path: "Tests/CSpawn"),
        .target(
            name: "ChildProcess",
            dependencies: ["CSpawn"],
            path: "Tests/ChildProcess",
            swiftSettings: settings
        ),
        // A certificate authority and an HTTPS server of it.
        .target(
            name: "TLSFixture",
            dependencies: ["ChildProcess"],
            path: "Tests/TLSFixture",
            swiftSettings: settings
        ),
        // What every surface promises, as tests for each to run.
        .target(
            name: "SurfaceConformance",
            dependencies: ["SurfaceKit"],
            path: "Tests/SurfaceConformance",
            swiftSettings: settings
        ),
        // The core in a time of its own, from a seed; not shipped.
        .executableTarget(
            name: "surfaces-simulate",
            dependencies: ["Engine", "Metrics", "State", "Settings", "SurfaceKit", "AgentLink", "Basics"],
            path: "Tests/simulation",
            exclude: ["faults", "find-faults"],
            swiftSettings: settings
        ),
        .testTarget(name: "BasicsTests", dependencies: ["ChildProcess", "Basics"], swiftSettings: settings),
        .testTarget(name: "SurfaceKitTests", dependencies: ["SurfaceKit", "Basics"], swiftSettings: settings),
        .testTarget(
            name: "ReplyTests",
            dependencies: ["Replies", "SurfaceKit", "Basics"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HTTPTests",
            dependencies: ["HTTP", "LoopbackServer", "TLSFixture", "Basics"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "AgentLinkTests",
            dependencies: ["AgentLink", "LoopbackServer", "ChildProcess", "HTTP", "Basics"],
            exclude: ["Fixtures"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ManifestTests",
            dependencies: ["Manifest", "Commands", "Settings", "SurfaceKit", "AgentLink", "HTTP", "Basics"],
            exclude: ["Fixtures"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "surfaces", "Commands", "Operations", "Manifest", "State", "Settings", "SurfaceKit", "ChildProcess",
                "HTTP", "Basics",
            ],
            swiftSettings: settings
        ),
    ] + messengers.map(\.code) + messengers.map(\.tests)
)
