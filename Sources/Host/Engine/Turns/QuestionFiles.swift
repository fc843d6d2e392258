import AgentLink
import Basics
import Settings
import State
import SurfaceKit

/// Fetches what was sent with a question, again while that may succeed.
struct QuestionFiles: Sendable {
    let turn: Turn

    /// What became of one file.
    private enum Fetched {
        case file(AgentFile)
        case missing
        case tooLarge
    }

    /// The question with the files that came; the agent reads the names of the others in their place.
    ///
    /// - Returns: `nil` when cancelled.
    func fetch() async -> FetchedQuestion? {
        var parts: [AgentPart] = []
        var missing: [String] = []
        var tooLarge: [String] = []
        let begun = turn.record.triedAt ?? turn.desk.system.now
        for (number, file) in turn.record.question.files.enumerated() {
            switch await fetch(file, number, since: begun) {
            case .file(let kept): parts.append(.file(kept))
            case .missing:
                missing.append(file.name)
                parts.append(.text(Self.placeholder(file.name)))
            case .tooLarge:
                tooLarge.append(file.name)
                parts.append(.text(Self.placeholder(file.name)))
            case nil: return nil
            }
        }
        return FetchedQuestion(turn.record, files: parts, missing: missing, tooLarge: tooLarge)
    }

    private static func placeholder(_ name: String) -> String { "[file: \(name), not available]" }

    private func fetch(_ file: InboundFile, _ number: Int, since begun: Timestamp) async -> Fetched? {
        var attempt = 0
        while !Task.isCancelled {
            attempt += 1
            do throws(SurfaceError) {
                return .file(try await keep(file, number))
            } catch {
                let fault = Fault(error)
                turn.log.warning("A file could not be fetched", ["file": number, "reason": fault.reason])
                switch fault {
                case .cancelled: return nil
                case .message(.tooLarge, _): return .tooLarge
                case .message, .surface, .defect, .row: return .missing
                case .temporary(let retryAfter, _):
                    guard await pause(attempt, retryAfter, since: begun) else { return .missing }
                case .uncertain:
                    guard await pause(attempt, nil, since: begun) else { return .missing }
                }
            }
        }
        return nil
    }

    /// Waits for the next attempt as for an agent that cannot be reached; false when it is over.
    private func pause(_ attempt: Int, _ retryAfter: Duration?, since begun: Timestamp) async -> Bool {
        let elapsed = turn.desk.system.now.duration(since: begun)
        guard let delay = ReachSchedule.delay(attempt: attempt, retryAfter: retryAfter, elapsed: elapsed) else {
            return false
        }
        // So that the wait survives a restart; a state that cannot be written costs no more than a longer wait.
        if attempt == 1 {
            _ = try? await turn.desk.store.write(.process) { [record = turn.record, now = turn.desk.system.now] in
                try $0.noteFailedAttempt(at: record, now: now)
            }
        }
        try? await turn.desk.system.sleep(for: delay)
        return true
    }

    private func keep(_ file: InboundFile, _ number: Int) async throws(SurfaceError) -> AgentFile {
        let name = FileCabinet.name(ofFile: number, turn: turn.record.id)
        let output = try output(name)
        let limit = turn.desk.settings.current.attachments.maxBytes
        try await turn.runtime.surface.fetch(file.reference, limit: limit) { bytes throws(SurfaceError) in
            do throws(StateError) { try output.write(bytes) } catch { throw .unavailable(reason: error.reason) }
        }
        do throws(StateError) { try output.finish() } catch { throw .unavailable(reason: error.reason) }
        return AgentFile(
            kind: AgentFile.Kind(file.kind),
            source: .path(name),
            mimeType: file.mimeType,
            name: file.name
        )
    }

    private func output(_ name: String) throws(SurfaceError) -> FileOutput {
        do { return try turn.desk.store.files.output(name) } catch {
            throw .unavailable(reason: Fault(error).reason)
        }
    }
}
