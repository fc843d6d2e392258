import AgentLink
import SurfaceKit

extension Database {
    package func neededFiles(of turn: TurnID) throws -> NeededFiles {
        let state = try run("SELECT state FROM turn WHERE id = ?", SQLValue(turn)).first?.text("state")
        guard state == nil || state == TurnRecord.State.ended.word else { return .all }
        var names: Set<String> = []
        for row in try run("SELECT message FROM transcript WHERE turn = ?", SQLValue(turn)) {
            // What cannot be read is settled when it is needed; until then nothing of it goes.
            guard let message = try? AgentMessage(stored: row.text("message")) else { return .all }
            for case .file(let file) in message.parts {
                if case .path(let name) = file.source { names.insert(name) }
            }
        }
        for row in try run("SELECT content FROM post WHERE turn = ? AND state = 'due'", SQLValue(turn)) {
            guard let stored = row.text("content") else { continue }
            guard let content = try? MessageContent(stored: stored) else { return .all }
            if case .file(let file) = content { names.insert(file.path) }
        }
        return .only(names)
    }
}
