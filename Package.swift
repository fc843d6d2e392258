// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
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

        // One HTTP client, one HTTP listener, one SSE parser.
        .target(name: "HTTP", dependencies: ["Basics", "CCurl", "CMicroHTTPD"], swiftSettings: settings),

        // The contract between the host and a messenger.
        .target(name: "SurfaceKit", dependencies: ["Basics", "CMarkdown"], swiftSettings: settings),

        // One adapter per messenger. They never see each other or the host.
        .target(
            name: "Matrix",
            dependencies: ["SurfaceKit", "HTTP", "Basics"],
            path: "Sources/Surfaces/Matrix",
            exclude: ["README.md"],
            swiftSettings: settings
        ),

        .target(
            name: "Telegram",
            dependencies: ["SurfaceKit", "HTTP", "Basics"],
            path: "Sources/Surfaces/Telegram",
            exclude: ["README.md"],
            swiftSettings: settings
        ),

        .target(
            name: "Max",
            dependencies: ["SurfaceKit", "HTTP", "Basics"],
            path: "Sources/Surfaces/Max",
            exclude: ["README.md"],
            swiftSettings: settings
        ),

        // Web pages, embedded in the program.
        .target(name: "CWebPages", exclude: ["pages"]),

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

        // Everything between the two. It knows the contract, never an adapter.
        .target(
            name: "Host",
            dependencies: ["SurfaceKit", "AgentLink", "HTTP", "Basics", "CSQLite"],
            swiftSettings: settings
        ),

        // The composition root: the only target that sees every adapter.
        .executableTarget(
            name: "surfaces",
            dependencies: ["Host", "Matrix", "Telegram", "Max", "Sandbox", "HTTP", "Basics"],
            path: "Sources/Main",
            swiftSettings: settings
        ),

        .testTarget(
            name: "HostTests",
            dependencies: ["Host", "SurfaceKit", "AgentLink", "Basics"],
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
            name: "TelegramTests",
            dependencies: ["Telegram", "Sandbox", "SurfaceConformance", "SurfaceKit", "HTTP", "Basics"],
            exclude: ["Fixtures"],
            swiftSettings: settings
        ),
        .testTarget(name: "SandboxTests", dependencies: ["Sandbox", "HTTP", "Basics"], swiftSettings: settings),
        .testTarget(
            name: "MaxTests",
            dependencies: [
                "Max", "Sandbox", "SurfaceConformance", "TLSFixture", "SurfaceKit", "HTTP", "Basics",
            ],
            exclude: ["Fixtures"],
            swiftSettings: settings
        ),
        // A certificate authority and an HTTPS server of it.
        .target(name: "TLSFixture", path: "Tests/TLSFixture", swiftSettings: settings),
        // What every surface promises, as tests for each to run.
        .target(
            name: "SurfaceConformance",
            dependencies: ["SurfaceKit"],
            path: "Tests/SurfaceConformance",
            swiftSettings: settings
        ),
        .testTarget(
            name: "MatrixTests",
            dependencies: ["Matrix", "Sandbox", "SurfaceConformance", "SurfaceKit", "HTTP", "Basics", "CCrypto"],
            exclude: ["Fixtures"],
            swiftSettings: settings
        ),
        .testTarget(name: "BasicsTests", dependencies: ["Basics"], swiftSettings: settings),
        .testTarget(name: "SurfaceKitTests", dependencies: ["SurfaceKit", "Basics"], swiftSettings: settings),
        .testTarget(name: "ReplyTests", dependencies: ["Host", "SurfaceKit"], swiftSettings: settings),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP", "TLSFixture", "Basics"], swiftSettings: settings),
        .testTarget(
            name: "AgentLinkTests",
            dependencies: ["AgentLink", "HTTP", "Basics"],
            exclude: ["Fixtures"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ManifestTests",
            dependencies: ["Host", "SurfaceKit", "AgentLink", "HTTP", "Basics"],
            exclude: ["Fixtures"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CommandLineTests",
            dependencies: ["surfaces", "Host", "SurfaceKit", "HTTP", "Basics"],
            swiftSettings: settings
        ),
    ]
)
