import Basics
import HTTP
import SurfaceKit

/// Downloads files that people sent, renewing links that have expired.
struct FileFetcher: Sendable {
    let api: MaxAPI

    /// Redirects that are followed.
    private static let mostHops = 3

    func fetch(
        _ file: FileReference,
        limit: Int,
        into sink: @Sendable ([UInt8]) async throws(SurfaceError) -> Void
    ) async throws(SurfaceError) {
        guard let place = AttachmentPlace(file) else { throw .refused(.other, reason: "not a file of MAX") }
        if let response = try await open(place, limit) { return try await stream(response, limit, sink) }
        guard let renewed = try await renew(place), let response = try await open(renewed, limit) else {
            throw .refused(.other, reason: "the file is not there any more")
        }
        try await stream(response, limit, sink)
    }

    // MARK: Links

    /// The best form of the file that is not too large; `nil` when no link works.
    private func open(_ place: AttachmentPlace, _ limit: Int) async throws(SurfaceError) -> HTTPResponse? {
        var isTooLarge = false
        for url in try await links(to: place) {
            guard let response = try await follow(url) else { continue }
            if let size = response.headers["Content-Length"].flatMap({ Int($0) }), size > limit {
                isTooLarge = true
                continue
            }
            return response
        }
        if isTooLarge { throw Self.tooLarge(limit) }
        return nil
    }

    /// Addresses of the bytes, the best first.
    private func links(to place: AttachmentPlace) async throws(SurfaceError) -> [String] {
        // What a video’s own link leads to is a player.
        if place.kind == "video", let token = place.token {
            do throws(MaxAPIError) {
                let found = Self.versions(try await api.call("GET", "/videos/\(token.percentEncoded)"))
                if !found.isEmpty { return found }
            } catch {
                guard error.failure?.status == 404 || error.failure?.status == 403 else { throw SurfaceError(error) }
            }
        }
        return place.url.map { [$0] } ?? []
    }

    /// `urls` holds `mp4_1080` down to `mp4_144`, each if there is one.
    static func versions(_ details: JSONValue) -> [String] {
        let sizes = (details["urls"]?.object?.members ?? []).compactMap { member -> (height: Int, url: String)? in
            guard member.key.hasPrefix("mp4_"), let height = Int(member.key.dropFirst(4)), let url = member.value.string
            else { return nil }
            return (height, url)
        }
        return sizes.sorted { $0.height > $1.height }.map(\.url)
    }

    /// `nil` when the link is not good (any more).
    private func follow(_ url: String) async throws(SurfaceError) -> HTTPResponse? {
        var url = url
        for _ in 0...Self.mostHops {
            let response: HTTPResponse
            do throws(MaxAPIError) {
                response = try await api.open(url)
            } catch {
                // Nothing but a download: repeating it is harmless, whatever became of it.
                if case .lost(let reason) = error { throw .unavailable(reason: reason) }
                throw SurfaceError(error)
            }
            switch response.status {
            case 200: return response
            case 301, 302, 303, 307, 308:
                guard let next = response.headers["Location"].flatMap({ URLParts.resolve($0, against: url) }) else {
                    return nil
                }
                url = next
            case 429, 500...: throw .unavailable(reason: "HTTP status \(response.status) for a file")
            default: return nil
            }
        }
        return nil
    }

    /// Asks for the message again, which brings links that are good.
    private func renew(_ place: AttachmentPlace) async throws(SurfaceError) -> AttachmentPlace? {
        guard let message = place.message else { return nil }
        do throws(MaxAPIError) {
            return place.renewed(in: try await api.call("GET", "/messages/\(message.percentEncoded)"))
        } catch {
            if error.failure?.status == 404 { return nil }
            throw SurfaceError(error)
        }
    }

    // MARK: Bytes

    private func stream(
        _ response: HTTPResponse,
        _ limit: Int,
        _ sink: @Sendable ([UInt8]) async throws(SurfaceError) -> Void
    ) async throws(SurfaceError) {
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

    private static func tooLarge(_ limit: Int) -> SurfaceError {
        .refused(.tooLarge, reason: "the file is larger than \(limit) bytes")
    }
}
