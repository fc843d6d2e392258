import Basics
import FoundationEssentials
import HTTP
import SurfaceKit

/// Downloads files that people sent: from Telegram, from a proxy in front of a server of one’s own, or from that
/// server’s disk.
struct FileFetcher: Sendable {
    /// Where the bytes are.
    enum Location: Hashable, Sendable {
        case url(String)
        /// A Bot API server with `--local` names files on the disk that it shares with us.
        case disk(String)
    }

    let api: BotAPI
    let options: TelegramOptions

    /// Bytes of a piece that is read from disk.
    private static let piece = 64 << 10

    func fetch(
        _ file: FileReference,
        limit: Int,
        into sink: @Sendable ([UInt8]) async throws(SurfaceError) -> Void
    ) async throws(SurfaceError) {
        let found: JSONValue
        do throws(BotAPIError) {
            // Each time: a link is good for an hour only.
            found = try await api.call("getFile", JSONObject([.init(key: "file_id", value: .string(file.rawValue))]))
        } catch {
            throw SurfaceError(error)
        }
        if let size = found["file_size"]?.int64, size > limit { throw Self.tooLarge(limit) }
        guard let path = found["file_path"]?.string else {
            throw .unavailable(reason: "the server does not say where the file is")
        }
        switch location(of: path) {
        case .url(let url): try await download(url, limit, sink)
        case .disk(let path): try await read(path, limit, sink)
        }
    }

    func location(of path: String) -> Location {
        let token = options.token.exposed
        guard path.hasPrefix("/") else {
            return .url("\(options.fileBaseURL ?? "\(options.apiBaseURL)/file")/bot\(token)/\(Self.encoded(path))")
        }
        guard let base = options.fileBaseURL else { return .disk(path) }
        // The server keeps the files of a bot in a folder called like its token.
        let parts = path.split(separator: "/").map(String.init)
        let own = parts.lastIndex(of: token).map { parts[($0 + 1)...] } ?? parts[...]
        return .url("\(base)/bot\(token)/\(Self.encoded(own.joined(separator: "/")))")
    }

    private func download(
        _ url: String,
        _ limit: Int,
        _ sink: @Sendable ([UInt8]) async throws(SurfaceError) -> Void
    ) async throws(SurfaceError) {
        let response: HTTPResponse
        do throws(BotAPIError) {
            response = try await api.open(url)
        } catch {
            throw SurfaceError(error)
        }
        guard response.status == 200 else {
            let reason = "HTTP status \(response.status) for a file"
            throw response.status >= 500 ? .unavailable(reason: reason) : .refused(.other, reason: reason)
        }
        if let announced = response.headers["Content-Length"].flatMap({ Int($0) }), announced > limit {
            throw Self.tooLarge(limit)
        }
        var left = limit
        var pieces = response.body.makeAsyncIterator()
        while true {
            let piece: [UInt8]?
            do throws(HTTPError) {
                piece = try await pieces.next()
            } catch {
                throw error == .cancelled ? .cancelled : .unavailable(reason: "a download broke off")
            }
            guard let piece else { return }
            left -= piece.count
            guard left >= 0 else { throw Self.tooLarge(limit) }
            try await sink(piece)
        }
    }

    private func read(
        _ path: String,
        _ limit: Int,
        _ sink: @Sendable ([UInt8]) async throws(SurfaceError) -> Void
    ) async throws(SurfaceError) {
        guard let handle = LocalFile(path: path) else { throw .refused(.other, reason: "the file cannot be read") }
        guard handle.size <= limit else { throw Self.tooLarge(limit) }
        while let piece = handle.next(atMost: Self.piece) { try await sink(piece) }
    }

    private static func tooLarge(_ limit: Int) -> SurfaceError {
        .refused(.tooLarge, reason: "the file is larger than \(limit) bytes")
    }

    private static func encoded(_ path: String) -> String {
        path.split(separator: "/").map { String($0).percentEncoded }.joined(separator: "/")
    }
}
