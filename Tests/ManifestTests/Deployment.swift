import Foundation

import SurfaceKit

@testable import Manifest

/// A folder with a manifest and the files that it may name.
final class Deployment {
    static let catalog = SurfaceCatalog([SampleSurface.self])
    static let environment = ["AGENT_BASE_URL": "http://agent.example/run", "TOKEN": "t0ken"]

    let folder = FileManager.default.temporaryDirectory.appending(path: "manifest-\(UUID().uuidString)").path
    var path: String { "\(folder)/surfaces.json" }

    init(_ text: String) throws {
        try FileManager.default.createDirectory(atPath: "\(folder)/folder", withIntermediateDirectories: true)
        try write(text, to: "surfaces.json")
        try write("fr0m-file\r\n", to: "secret")
        try write("", to: "empty")
        try write("a\nb\n", to: "two-lines")
        try write("-----BEGIN CERTIFICATE-----\n", to: "certificates.pem")
        try Data([0xFF, 0xFE]).write(to: URL(filePath: "\(folder)/binary"))
        try write(String(repeating: "x", count: 70_000), to: "large")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
    }

    func load(_ environment: [String: String] = environment) throws(ManifestError) -> Manifest {
        try Manifest.load(path, environment: environment, catalog: Self.catalog)
    }

    /// A manifest of one sound surface, with more keys at its root.
    static func manifest(_ more: String = "", surface: String = sound) -> String {
        #"{"version": 1, \#(more.isEmpty ? "" : more + ", ")"surfaces": [\#(surface)]}"#
    }

    static let sound = #"""
        {"id": "one", "kind": "sample", "access": {"policy": "open"},
         "options": {"server": "https://chat.example/", "token": {"env": "TOKEN"}}}
        """#
}
