// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "surfaces",
    targets: [
        .systemLibrary(name: "CCrypto", path: "Sources/CLibraries/CCrypto", pkgConfig: "libcrypto"),

        // What FoundationEssentials lacks and everyone needs: JSON with positions, secrets, logs, digests.
        .target(
            name: "Basics",
            dependencies: ["CCrypto"],
            swiftSettings: settings,
            linkerSettings: [.linkedLibrary("m")]
        ),
        .testTarget(name: "BasicsTests", dependencies: ["Basics"], swiftSettings: settings),
    ]
)
