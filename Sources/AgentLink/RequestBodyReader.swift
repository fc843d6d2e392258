import FoundationEssentials

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// Hands out a ``RequestBody`` piece by piece. The first piece is taken when the agent is connected; only then does
/// `willSend` run.
actor RequestBodyReader {
    /// A file was cut or replaced between the head of the request, which told its size, and its own turn.
    struct FileChanged: Error {}

    /// Raw bytes that are encoded at a time; a multiple of three, so that no padding falls inside.
    private static let piece = 48 << 10

    private let willSend: @Sendable () async throws -> Void
    private var waiting: ArraySlice<RequestBody.Part>
    private var file: OpenFile?
    private var encoding: ArraySlice<UInt8> = []
    private(set) var progress = Progress.waiting

    /// How much of the body was handed out.
    enum Progress: Sendable {
        /// Nothing was asked for.
        case waiting
        /// `willSend` threw.
        case abandoned
        /// A part of it. JSON without its end is no request: the agent cannot have acted.
        case partly
        /// A file changed on the way.
        case broken
        /// All of it.
        case wholly
    }

    init(_ body: RequestBody, willSend: @escaping @Sendable () async throws -> Void) {
        waiting = body.parts[...]
        self.willSend = willSend
    }

    /// The next piece; `nil` at the end.
    func next() async throws -> [UInt8]? {
        if progress == .waiting { try await begin() }
        do throws(FileChanged) {
            let piece = try nextPiece()
            if waiting.isEmpty && encoding.isEmpty && file == nil { progress = .wholly }
            return piece
        } catch {
            progress = .broken
            throw error
        }
    }

    private func begin() async throws {
        do { try await willSend() } catch {
            progress = .abandoned
            throw error
        }
        progress = .partly
    }

    private func nextPiece() throws(FileChanged) -> [UInt8]? {
        while true {
            if !encoding.isEmpty { return encodeNext() }
            if let piece = try file?.readNext(Self.piece) { return Self.base64(piece) }
            file = nil
            switch waiting.popFirst() {
            case .bytes(let bytes): return bytes
            case .encoded(let bytes): encoding = bytes[...]
            case .encodedFile(let path, let size): file = try OpenFile(path, size: size)
            case nil: return nil
            }
        }
    }

    private func encodeNext() -> [UInt8] {
        let piece = encoding.prefix(Self.piece)
        encoding = encoding.dropFirst(Self.piece)
        return Self.base64(Array(piece))
    }

    private static func base64(_ bytes: [UInt8]) -> [UInt8] { [UInt8](Data(bytes).base64EncodedData()) }
}

/// A file that is read once, from its beginning, and must have the size that was announced.
private struct OpenFile: ~Copyable {
    private let descriptor: Int32
    private var left: Int

    init(_ path: String, size: Int) throws(RequestBodyReader.FileChanged) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        left = size
        guard descriptor >= 0 else { throw RequestBodyReader.FileChanged() }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The next bytes, `count` of them or as many as are left; `nil` at the end.
    ///
    /// It reads on the caller’s thread: the file is on a local disk, as a rule still in memory, and a piece is small.
    mutating func readNext(_ count: Int) throws(RequestBodyReader.FileChanged) -> [UInt8]? {
        let wanted = min(count, left)
        guard wanted > 0 else { return nil }
        var filled = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
            while filled < wanted {
                let got = read(descriptor, buffer.baseAddress.map { $0 + filled }, wanted - filled)
                if got < 0 && errno == EINTR { continue }
                guard got > 0 else { break }
                filled += got
            }
            initialized = filled
        }
        guard filled == wanted else { throw RequestBodyReader.FileChanged() }
        left -= wanted
        return bytes
    }
}
