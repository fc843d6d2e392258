import HTTP
import SurfaceKit

/// Reads files from the homeserver's content repository.
struct MediaReader: Sendable {
    let client: MatrixClient

    func fetch(
        _ file: FileReference,
        limit: Int,
        into sink: @Sendable ([UInt8]) async throws(SurfaceError) -> Void
    ) async throws(SurfaceError) {
        guard let address = MediaAddress(file.rawValue) else { throw .refused(.other, reason: "not an mxc:// address") }
        let response: HTTPResponse
        do { response = try await client.download(address) } catch { throw SurfaceError(error, while: .asking) }
        if let length = response.headers["Content-Length"].flatMap({ Int($0) }), length > limit {
            throw .refused(.tooLarge, reason: "the file has \(length) bytes, \(limit) are allowed")
        }
        var count = 0
        var pieces = response.body.makeAsyncIterator()
        while let piece = try await next(&pieces) {
            count += piece.count
            guard count <= limit else { throw .refused(.tooLarge, reason: "the file has more than \(limit) bytes") }
            try await sink(piece)
        }
    }

    private func next(_ pieces: inout HTTPBodyStream.AsyncIterator) async throws(SurfaceError) -> [UInt8]? {
        do { return try await pieces.next() } catch { throw SurfaceError(.unanswered(error), while: .asking) }
    }
}
