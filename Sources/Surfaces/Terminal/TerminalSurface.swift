import Basics
import SurfaceKit

/// The terminal, or the pipe, that the host was started on: one person in one direct chat.
package struct TerminalSurface: Surface {
    package static let kind: SurfaceKind = "terminal"
    static let chat: ChatID = "terminal"

    /// A terminal keeps no limits of its own: these keep an answer easy to read and to draw.
    package let capabilities = Capabilities(
        text: Capabilities.TextLimit(maximum: FormattedText.maximumSourceBytes) { $0.source.utf8.count },
        fileBytes: 1 << 30,
        repetition: .harmless,
        rateLimits: [],
        editInterval: .milliseconds(100),
        editsPerMessage: 100_000,
        typingLasts: .seconds(60),
        commandPrefix: "/",
        drafts: Capabilities.Drafts(interval: .milliseconds(100), lasts: .seconds(3600))
    )

    private let options: TerminalOptions
    private let console: Console
    private let speaker: TerminalSpeaker

    package init(options: TerminalOptions, context: SurfaceContext) {
        self.init(options: options, context: context, console: .standard)
    }

    init(options: TerminalOptions, context: SurfaceContext, console: Console) {
        self.options = options
        self.console = console
        speaker = TerminalSpeaker(options: options, printer: console.printer, state: context.state, log: context.log)
    }

    package func identify() async throws(SurfaceError) -> Identity {
        Identity(id: "terminal", name: options.name)
    }

    package func receive(from checkpoint: Checkpoint?, into inbox: some Inbox) async throws(SurfaceError) {
        guard console.keyboard.take() else {
            throw .refused(.other, reason: "another surface has the terminal: enable only one of kind terminal")
        }
        defer { console.keyboard.release() }
        await console.printer.open()
        do throws(SurfaceError) {
            try await TerminalReceiver(console: console, inbox: inbox).run(from: checkpoint)
        } catch {
            await console.printer.close()
            throw error
        }
        await console.printer.close()
    }

    package func perform(_ operation: OutboundOperation, as id: OperationID) async throws(SurfaceError) -> Receipt {
        try await speaker.perform(operation, as: id)
    }

    package func fetch(
        _ file: FileReference,
        limit: Int,
        into sink: @Sendable ([UInt8]) async throws(SurfaceError) -> Void
    ) async throws(SurfaceError) {
        guard let local = LocalFile(path: file.rawValue) else {
            throw .refused(.other, reason: "the file is no longer there, or may not be read")
        }
        guard local.size <= limit else { throw .refused(.tooLarge, reason: "\(local.size) bytes") }
        var count = 0
        while let piece = try local.next() {
            count += piece.count
            guard count <= limit else { throw .refused(.tooLarge, reason: "it has grown beyond \(limit) bytes") }
            try await sink(piece)
        }
    }
}
