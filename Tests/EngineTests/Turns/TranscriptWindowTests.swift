import AgentLink
import Settings
import State
import Testing

@testable import Engine

@Suite("Transcript window")
struct TranscriptWindowTests {
    private func exchange(_ turn: Int64, _ texts: String...) -> [TranscriptEntry] {
        texts.enumerated().map { index, text in
            let role: AgentMessage.Role = index == 0 ? .user : .assistant
            return TranscriptEntry(
                turn: TurnID(turn),
                message: AgentMessage(id: "\(turn).\(index)", role: role, parts: [.text(text)])
            )
        }
    }

    private func file(_ turn: Int64, _ name: String) -> TranscriptEntry {
        let file = AgentFile(kind: .document, source: .path(name), mimeType: "text/plain", name: name)
        return TranscriptEntry(
            turn: TurnID(turn),
            message: AgentMessage(id: "\(turn)", role: .user, parts: [.file(file)])
        )
    }

    private func parts(_ entries: [TranscriptEntry]) -> [String] {
        entries.flatMap(\.message.parts).map { part in
            switch part {
            case .text(let text): text
            case .file(let file): "<\(file.name)>"
            }
        }
    }

    @Test func `drops the oldest exchanges whole`() {
        let entries = exchange(1, "a", "b") + exchange(2, "c", "d", "e") + exchange(3, "f", "g")

        let byMessages = TranscriptWindow.fit(entries, limits: .init(messages: 4, bytes: 99, fileBytes: 0)) { _ in 0 }
        let byBytes = TranscriptWindow.fit(entries, limits: .init(messages: 99, bytes: 5, fileBytes: 0)) { _ in 0 }

        #expect(parts(byMessages) == ["f", "g"])
        #expect(parts(byBytes) == ["c", "d", "e", "f", "g"])
    }

    @Test func `keeps the newest files that fit, and the names of the others`() {
        let entries = [file(1, "old"), file(2, "big"), file(3, "new"), file(4, "gone")]
        let sizes = ["old": 1, "big": 90, "new": 20]

        let kept = TranscriptWindow.fit(entries, limits: .init(messages: 9, bytes: 99, fileBytes: 100)) { file in
            sizes[file.name]
        }

        #expect(parts(kept) == ["[file: old]", "[file: big]", "<new>", "[file: gone]"])
        #expect(kept.map(\.message.id) == ["1.1", "2.1", "3", "4.1"])
    }

    @Test func `gives a message whose content changes again another identifier again`() {
        let both = TranscriptEntry(
            turn: TurnID(1),
            message: AgentMessage(id: "q1", role: .user, parts: file(1, "a").message.parts + file(1, "b").message.parts)
        )
        func fit(_ entries: [TranscriptEntry], _ limit: Int) -> [TranscriptEntry] {
            TranscriptWindow.fit(entries, limits: .init(messages: 9, bytes: 99, fileBytes: limit)) { _ in 10 }
        }

        let first = fit([both], 10)
        let second = fit(first, 0)

        #expect(parts(first) == ["[file: a]", "<b>"])
        #expect(parts(second) == ["[file: a]", "[file: b]"])
        #expect([first, second].map { $0[0].message.id } == ["q1.1", "q1.1.1"])
        #expect(fit(second, 0) == second)
    }
}
