import Foundation
import HTTP
import Testing

@testable import Sandbox

@Suite("Web files")
struct WebFilesTests {
    static let files = WebFiles(folder: "playground")

    static func get(_ path: String, _ headers: HTTPHeader...) -> HTTPServerResponse? {
        files.response(to: HTTPServerRequest(method: "GET", path: path, query: [], headers: headers, body: []))
    }

    static func text(_ path: String) -> String? {
        guard case .bytes(let bytes)? = get(path)?.body else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `has each file that the folder has, with its type`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let folder = root.appending(path: "Sources/CWebPages/pages/playground")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let types = ["html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"]

        #expect(names.count >= 5)
        for name in names {
            let path = name == "index.html" ? "/" : "/\(name)"
            let content = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            #expect(Self.text(path) == content, "\(name) is not what is embedded")
            let type = Self.get(path)?.headers["Content-Type"] ?? ""
            #expect(type.hasPrefix(types[String(name.split(separator: ".").last ?? "")] ?? "?"), "\(name): \(type)")
        }
    }

    @Test func `forbids what the page does not need`() {
        let policy = Self.get("/")?.headers["Content-Security-Policy"] ?? ""

        #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'; "))
        #expect(policy.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe"))
        #expect(Self.get("/")?.headers["X-Content-Type-Options"] == "nosniff")
    }

    @Test func `needs no script or style in the page itself`() throws {
        let page = try #require(Self.text("/"))

        #expect(try page.firstMatch(of: Regex("<script(?![^>]* src=)|<style|\\son[a-z]+=|\\sstyle=")) == nil)
    }

    @Test func `never makes a page of what came from a chat`() throws {
        for path in ["/app.js", "/phone.js", "/composer.js", "/panel.js", "/richtext.js"] {
            let script = try #require(Self.text(path))
            for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
                #expect(!script.contains(word), "\(path): \(word)")
            }
        }
    }

    @Test func `saves sending what the browser has`() throws {
        let tag = try #require(Self.get("/")?.headers["ETag"])

        let again = Self.get("/", HTTPHeader("If-None-Match", tag))
        let other = Self.get("/", HTTPHeader("If-None-Match", "\"x\""))

        #expect(again?.status == 304)
        #expect(other?.status == 200)
        #expect(Self.get("/absent") == nil)
    }
}
