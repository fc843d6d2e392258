import Foundation
import HTTP
import Testing

@Suite("Web files")
struct WebFilesTests {
    static let folders = ["playground", "operator"]
    /// Those that several pages have.
    static let shared = ["theme.css", "icon.svg"]
    static let types = ["html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"]

    static let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources/CWebPages/pages")

    static func get(_ path: String, of folder: String, _ headers: HTTPHeader...) -> HTTPServerResponse? {
        WebFiles(folder: folder)
            .response(to: HTTPServerRequest(method: "GET", path: path, query: [], headers: headers, body: []))
    }

    static func text(_ path: String, of folder: String) -> String? {
        guard case .bytes(let bytes)? = get(path, of: folder)?.body else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func names(of folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: sources.appending(path: folder).path)
    }

    @Test(arguments: folders)
    func `has each file that the folder has, with its type`(folder: String) throws {
        let own = try Self.names(of: folder)

        #expect(own.count >= 5)
        for name in own + Self.shared {
            let path = name == "index.html" ? "/" : "/\(name)"
            let source = Self.sources.appending(path: Self.shared.contains(name) ? "shared" : folder)
            let content = try String(contentsOf: source.appending(path: name), encoding: .utf8)
            #expect(Self.text(path, of: folder) == content, "\(name) is not what is embedded")
            let type = Self.get(path, of: folder)?.headers["Content-Type"] ?? ""
            #expect(
                type.hasPrefix(Self.types[String(name.split(separator: ".").last ?? "")] ?? "?"),
                "\(name): \(type)"
            )
        }
    }

    @Test(arguments: folders)
    func `forbids what the page does not need`(folder: String) {
        let policy = Self.get("/", of: folder)?.headers["Content-Security-Policy"] ?? ""

        #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'; "))
        #expect(policy.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe"))
        #expect(Self.get("/", of: folder)?.headers["X-Content-Type-Options"] == "nosniff")
    }

    @Test(arguments: folders)
    func `needs no script or style in the page itself`(folder: String) throws {
        let page = try #require(Self.text("/", of: folder))

        #expect(try page.firstMatch(of: Regex("<script(?![^>]* src=)|<style|\\son[a-z]+=|\\sstyle=")) == nil)
    }

    @Test(arguments: folders)
    func `never makes a page of what came from a chat`(folder: String) throws {
        let scripts = try Self.names(of: folder).filter { $0.hasSuffix(".js") }

        #expect(scripts.count >= 4)
        for name in scripts {
            let script = try #require(Self.text("/\(name)", of: folder))
            for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
                #expect(!script.contains(word), "\(name): \(word)")
            }
        }
    }

    @Test func `saves sending what the browser has`() throws {
        let tag = try #require(Self.get("/", of: "operator")?.headers["ETag"])

        let again = Self.get("/", of: "operator", HTTPHeader("If-None-Match", tag))
        let other = Self.get("/", of: "operator", HTTPHeader("If-None-Match", "\"x\""))

        #expect(again?.status == 304)
        #expect(other?.status == 200)
        #expect(Self.get("/absent", of: "operator") == nil)
    }
}
