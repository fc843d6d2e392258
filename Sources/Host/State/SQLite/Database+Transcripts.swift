import AgentLink
import SurfaceKit

extension Database {
    package func transcript(of context: ContextID) throws -> Transcript {
        var transcript = Transcript()
        let rows = try run(
            "SELECT turn, message FROM transcript WHERE context = ? ORDER BY position",
            SQLValue(context)
        )
        for row in rows {
            guard let turn: TurnID = row.id("turn") else { continue }
            do {
                let message = try AgentMessage(stored: row.text("message"))
                transcript.entries.append(TranscriptEntry(turn: turn, message: message))
            } catch {
                transcript.damaged.insert(turn)
            }
        }
        // An exchange counts whole: half of one would tell the agent what nobody said.
        transcript.entries.removeAll { transcript.damaged.contains($0.turn) }
        return transcript
    }

    package func addToTranscript(_ messages: [AgentMessage], of turn: TurnID, to context: ContextID) throws {
        for message in messages {
            try run(
                """
                INSERT INTO transcript
                SELECT ?, coalesce(max(position), 0) + 1, ?, ? FROM transcript WHERE context = ?
                """,
                SQLValue(context),
                SQLValue(turn),
                .text(try message.stored()),
                SQLValue(context)
            )
        }
    }

    package func forgetTranscript(of turn: TurnID, in context: ContextID) throws {
        try run("DELETE FROM transcript WHERE context = ? AND turn = ?", SQLValue(context), SQLValue(turn))
    }

    package func transcriptSize(of context: ContextID) throws -> (messages: Int, bytes: Int) {
        let row = try run(
            "SELECT count(*) AS n, coalesce(sum(length(CAST(message AS BLOB))), 0) AS bytes FROM transcript WHERE context = ?",
            SQLValue(context)
        ).first
        return (Int(row?.integer("n") ?? 0), Int(row?.integer("bytes") ?? 0))
    }

    package func replaceTranscript(
        of context: ContextID,
        by new: [TranscriptEntry],
        instead old: [TranscriptEntry]
    ) throws {
        let kept = Dictionary(grouping: new, by: \.turn)
        for (turn, entries) in Dictionary(grouping: old, by: \.turn) where kept[turn] != entries {
            guard let changed = kept[turn] else {
                try forgetTranscript(of: turn, in: context)
                continue
            }
            let positions = try run(
                "SELECT position FROM transcript WHERE context = ? AND turn = ? ORDER BY position",
                SQLValue(context),
                SQLValue(turn)
            ).compactMap { $0.integer("position") }
            for (position, entry) in zip(positions, changed) {
                try setTranscript(entry.message, at: position, of: context)
            }
        }
    }

    package func noteUndelivered(_ post: PostRecord, of turn: TurnID) throws {
        let rows = try run(
            "SELECT context, position, message FROM transcript WHERE turn = ? ORDER BY position",
            SQLValue(turn)
        )
        for row in rows.reversed() {
            guard let context: ContextID = row.id("context"), let position = row.integer("position"),
                let message = try? AgentMessage(stored: row.text("message")), message.role == .assistant
            else { continue }
            let note =
                switch post.content ?? post.shown {
                case .file(let file)?: "[file: \(file.name), not delivered]"
                case .text?, nil: "[a message of this answer was not delivered]"
                }
            let parts = message.parts + [.text("\n\n\(note)")]
            return try setTranscript(
                AgentMessage(id: message.id, role: message.role, parts: parts),
                at: position,
                of: context
            )
        }
    }

    private func setTranscript(_ message: AgentMessage, at position: Int64, of context: ContextID) throws {
        try run(
            "UPDATE transcript SET message = ? WHERE context = ? AND position = ?",
            .text(try message.stored()),
            SQLValue(context),
            .integer(position)
        )
    }
}
