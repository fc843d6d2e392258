import AgentLink
import Basics
import State
import SurfaceKit
import Words

/// Tells of the turns that a host that died left in the middle.
///
/// The agent may have acted on them, so they are not asked again: what was shown stays, and a notice offers `retry`.
struct Recovery: Sendable {
    let store: any StateStore
    let runtime: SurfaceRuntime

    /// Tells of those that came by the surface, before it begins new ones.
    ///
    /// - Returns: Their number.
    func tell() async throws -> Int {
        // One whose end could not be stored when the surface was switched off is cut off, too.
        try await store.write { [id = runtime.id, now = runtime.system.now] in try $0.endCutOffTurns(on: id, now: now) }
        let turns = try await store.read { [id = runtime.id] in try $0.untoldTurns(on: id) }
        for turn in turns {
            do {
                try await store.write { state in try tell(turn, state) }
            } catch {
                let fault = Fault(error)
                if case .temporary = fault { throw error }
                runtime.log.error("A turn that was cut off cannot be told of", ["turn": turn, "reason": fault.reason])
                try await store.write { [rules = runtime.rules, now = runtime.system.now] state in
                    if case .row(let row, _) = fault {
                        try DamageReport.give(up: row, in: state, now: now) { $0 == rules.surface ? rules : nil }
                    }
                    try state.noteTold(turn)
                }
            }
        }
        return turns.count
    }

    private func tell(_ id: TurnID, _ state: any StateChanging) throws {
        guard let turn = try state.turn(id), let conversation = try state.conversation(turn.conversation) else {
            return try state.noteTold(id)
        }
        let now = runtime.system.now
        let shown = try state.posts(of: id).compactMap { post in
            if case .text(let text)? = post.content ?? post.shown, post.page != nil { text.source } else { nil }
        }
        for text in runtime.rules.messages(.notice(.hostRestarted), in: conversation) {
            try state.owe(NewPost(.text(text), in: conversation.id, turn: id), now: now)
        }
        if !shown.isEmpty, try state.context(turn.context) != nil {
            try state.addToTranscript(exchange(turn, answer: shown.joined(separator: "\n\n")), of: id, to: turn.context)
        }
        try state.noteTold(id)
    }

    private func exchange(_ turn: TurnRecord, answer: String) -> [AgentMessage] {
        var question: [AgentPart] = []
        let text = QuestionText.compose(turn.question)
        if !text.isEmpty { question.append(.text(text)) }
        for (number, file) in turn.question.files.enumerated() {
            let path = FileCabinet.name(ofFile: number, turn: turn.id)
            let kind = AgentFile.Kind(file.kind)
            question.append(
                .file(AgentFile(kind: kind, source: .path(path), mimeType: file.mimeType, name: file.name))
            )
        }
        return [
            AgentMessage(id: "q\(turn.id)", role: .user, parts: question),
            AgentMessage(id: turn.answer ?? "a\(turn.id)", role: .assistant, parts: [.text(answer)]),
        ]
    }
}
