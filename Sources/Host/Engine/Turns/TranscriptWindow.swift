import AgentLink
import Settings
import State

/// The part of a context’s transcript that fits its limits.
enum TranscriptWindow {
    /// Drops the oldest whole exchanges until the rest fits, and the oldest files: they become their names.
    ///
    /// - Parameter size: Bytes of a file; `nil` when it is gone.
    static func fit(
        _ entries: [TranscriptEntry],
        limits: TranscriptLimits,
        size: (AgentFile) -> Int?
    ) -> [TranscriptEntry] {
        var messages = 0
        var bytes = 0
        var kept: [ArraySlice<TranscriptEntry>] = []
        for exchange in exchanges(entries).reversed() {
            messages += exchange.count
            bytes += exchange.reduce(0) { $0 + textBytes($1.message) }
            guard messages <= limits.messages, bytes <= limits.bytes else { break }
            kept.append(exchange)
        }
        return withoutOldFiles(kept.reversed().flatMap { $0 }, limit: limits.fileBytes, size: size)
    }

    /// The messages of one turn belong together.
    private static func exchanges(_ entries: [TranscriptEntry]) -> [ArraySlice<TranscriptEntry>] {
        var exchanges: [ArraySlice<TranscriptEntry>] = []
        var start = entries.startIndex
        for index in entries.indices.dropFirst() where entries[index].turn != entries[index - 1].turn {
            exchanges.append(entries[start..<index])
            start = index
        }
        if start < entries.endIndex { exchanges.append(entries[start...]) }
        return exchanges
    }

    private static func textBytes(_ message: AgentMessage) -> Int {
        message.parts.reduce(0) { sum, part in
            if case .text(let text) = part { sum + text.utf8.count } else { sum }
        }
    }

    private static func withoutOldFiles(
        _ entries: [TranscriptEntry],
        limit: Int,
        size: (AgentFile) -> Int?
    ) -> [TranscriptEntry] {
        var left = limit
        var result: [TranscriptEntry] = []
        for entry in entries.reversed() {
            let parts = entry.message.parts.reversed().map { part in
                guard case .file(let file) = part else { return part }
                guard left >= 0, let bytes = size(file) else { return .text("[file: \(file.name)]") }
                left -= bytes
                return left >= 0 ? part : .text("[file: \(file.name)]")
            }
            let replaced = zip(parts.reversed(), entry.message.parts).count { $0 != $1 }
            // Some servers take another content under the same identifier for an edit, and answer it again.
            let id = replaced == 0 ? entry.message.id : "\(entry.message.id).\(replaced)"
            let message = AgentMessage(id: id, role: entry.message.role, parts: parts.reversed())
            result.append(TranscriptEntry(turn: entry.turn, message: message))
        }
        return result.reversed()
    }
}
