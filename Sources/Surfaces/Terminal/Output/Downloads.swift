import FoundationEssentials
import Glibc
import SurfaceKit

/// The folder for files of the agent, where nothing is ever overwritten.
struct Downloads: Sendable {
    /// Made when it is missing.
    let folder: String

    private static let mostNames = 1000

    /// - Returns: Where the file is now.
    func save(_ file: OutboundFile) throws(SurfaceError) -> String {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw .refused(.other, reason: "the folder \(folder) cannot be made")
        }
        guard let source = LocalFile(path: file.path) else {
            throw .refused(.other, reason: "the file to send is no longer there")
        }
        // Under its name it appears complete or not at all.
        var template = Array("\(folder)/.surfaces-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw Self.failure("cannot write to \(folder)") }
        let draft = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer {
            Glibc.close(descriptor)
            unlink(draft)
        }
        while let piece = try source.next() { try Self.write(piece, to: descriptor) }
        return try publish(draft, as: Self.safe(file.name))
    }

    private func publish(_ draft: String, as name: String) throws(SurfaceError) -> String {
        for number in 1...Self.mostNames {
            let path = "\(folder)/\(number == 1 ? name : Self.numbered(name, number))"
            if link(draft, path) == 0 { return path }
            guard errno == EEXIST else { throw Self.failure("cannot write to \(folder)") }
        }
        throw .refused(.other, reason: "\(folder) is full of files of this name")
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(SurfaceError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 || errno == EINTR else { throw failure("cannot write the file") }
            rest = rest.dropFirst(max(0, written))
        }
    }

    private static func failure(_ what: String) -> SurfaceError {
        let reason = "\(what): \(String(cString: strerror(errno)))"
        return [ENOSPC, EDQUOT].contains(errno)
            ? .unavailable(retryAfter: .seconds(10), reason: reason) : .refused(.other, reason: reason)
    }

    /// Without what would lead to another folder, hide the file, or obey instead of show.
    private static func safe(_ name: String) -> String {
        let flat = Visible.text(name).map { $0 == "/" || $0 == "\n" ? "_" : $0 }
        var safe = String(flat.drop { $0 == "." || $0 == " " }.prefix(100))
        while safe.utf8.count > 200 { safe.removeFirst() }
        return safe.isEmpty ? "file" : safe
    }

    /// `report.csv` becomes `report (2).csv`.
    private static func numbered(_ name: String, _ number: Int) -> String {
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return "\(name) (\(number))" }
        return "\(name[..<dot]) (\(number))\(name[dot...])"
    }
}
