import ChildProcess
import Foundation

/// A certificate authority and an HTTPS server on loopback with a certificate of it, made by the openssl tool.
package final class TLSServer: Sendable {
    package let port: UInt16
    /// PEM of the authority.
    package let authority: String
    private let folder: URL
    private let process: ChildProcess

    /// - Parameters:
    ///   - subject: The name or address that the certificate is for.
    ///   - answers: What is answered to a `GET`, by its path without the first slash; `nil` for a page of no interest.
    package init(certificateFor subject: String = "IP:127.0.0.1", answers: [String: String]? = nil) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        try Self.openssl(
            ["req", "-x509", "-subj", "/CN=Test authority", "-keyout", "ca.key", "-out", "ca.pem"] + key,
            in: folder
        )
        try Self.openssl(
            [
                "req", "-x509", "-CA", "ca.pem", "-CAkey", "ca.key", "-subj", "/CN=Test", "-keyout", "key.pem",
                "-out", "cert.pem", "-addext", "subjectAltName=\(subject)", "-addext", "basicConstraints=CA:FALSE",
            ] + key,
            in: folder
        )
        authority = folder.appending(path: "ca.pem").path
        for (path, body) in answers ?? [:] {
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
            try Data("\(head)\(body)".utf8).write(to: folder.appending(path: path))
        }
        process = try ChildProcess(
            "openssl",
            ["s_server", "-accept", "127.0.0.1:0", "-cert", "cert.pem", "-key", "key.pem"]
                // With -HTTP files hold whole answers.
                + [answers == nil ? "-www" : "-HTTP"],
            in: folder.path,
            output: .pipe
        )
        port = try Self.port(announcedBy: process)
    }

    deinit {
        process.kill()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func openssl(_ arguments: [String], in folder: URL) throws {
        let process = try ChildProcess("openssl", arguments, in: folder.path)
        guard process.wait() == 0 else { throw CocoaError(.executableLoad) }
    }

    /// Reads the line "ACCEPT 127.0.0.1:PORT".
    private static func port(announcedBy process: ChildProcess) throws -> UInt16 {
        while let line = process.readLine() {
            guard line.hasPrefix("ACCEPT") else { continue }
            if let port = line.split(separator: ":").last.flatMap({ UInt16($0) }) { return port }
        }
        throw CocoaError(.executableLoad)
    }
}
