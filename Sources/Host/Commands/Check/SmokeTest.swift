import AgentLink
import Basics

/// Makes one real run each for a text, a tool and a file, on a context that nobody uses.
struct SmokeTest: Sendable {
    let agent: any AgentApi
    let progress: ProgressLine

    /// How long one run may take.
    private static let patience = Duration.seconds(120)

    /// A red dot of one pixel.
    private static let picture: [UInt8] = [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00,
        0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53, 0xDE, 0x00, 0x00, 0x00,
        0x0C, 0x49, 0x44, 0x41, 0x54, 0x08, 0xD7, 0x63, 0xF8, 0xCF, 0xC0, 0x00, 0x00, 0x03, 0x01, 0x01, 0x00, 0x18,
        0xDD, 0x8D, 0xB0, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
    ]

    func trials() async -> [CheckReport.Trial] {
        let file = AgentFile(kind: .image, source: .data(Self.picture), mimeType: "image/png", name: "dot.png")
        defer { progress.clear() }
        return [
            await trial("text", [.text("This is a test. Answer with one short sentence.")]),
            await trial("tool", [.text("This is a test. If you have a tool, use one, then answer in one sentence.")]),
            await trial("file", [.text("This is a test. What is in this picture?"), .file(file)]),
        ]
    }

    private func trial(_ name: String, _ question: [AgentPart]) async -> CheckReport.Trial {
        var random = OperatingSystem().random
        let run = randomToken(length: 20, alphabet: "abcdefghijklmnopqrstuvwxyz0123456789", using: &random)
        let request = AgentRequest(
            // Contexts are counted from 1: this is none of them.
            platformChatID: Int64.random(in: 1 << 60..<Int64.max, using: &random),
            runID: "check-\(run)",
            messages: [AgentMessage(id: "check-\(run)-1", role: .user, parts: question)],
            surface: "check",
            kind: "check"
        )
        let what = "smoke \(name)"
        progress.show("Running “\(what)”, which may take \(Self.patience.told)")
        let agent = agent
        let outcome = await within(Self.patience) { () async throws(AgentError) in
            var findings = Findings()
            for try await event in try await agent.run(request, willSend: {}) { findings.note(event) }
            return findings
        }
        switch outcome {
        case .success(let findings): return CheckReport.Trial(what: what, ok: findings.isOK, detail: findings.told)
        case .failure(let error): return CheckReport.Trial(what: what, ok: false, detail: Advice.told(error))
        case nil: return CheckReport.Trial(what: what, ok: false, detail: "no end within \(Self.patience.told)")
        }
    }

    /// What came back in one run.
    private struct Findings: Sendable {
        private var events = 0
        private var activities = 0
        private var characters = 0
        private var files = 0
        private var ending: AgentOutcome.Ending?

        mutating func note(_ event: AgentEvent) {
            events += 1
            switch event {
            case .started: break
            case .text(_, _, let delta): characters += delta.count
            case .activity: activities += 1
            case .attachment: files += 1
            case .attachmentLost: break
            case .ended(let outcome): ending = outcome.ending
            }
        }

        var isOK: Bool {
            switch ending {
            case .finished, .waitsForConfirmation: true
            default: false
            }
        }

        var told: String {
            let counts =
                "\(events) events, \(characters) characters of text, \(activities) signs of work, \(files) files"
            return "\(counts); \(ended)"
        }

        private var ended: String {
            switch ending {
            case .finished: characters + files == 0 ? "finished without an answer" : "finished"
            case .waitsForConfirmation: "finished, and waits for a confirmation that this program cannot give"
            case .cancelled: "the agent says that it was cancelled"
            case .failed(let code): "the agent reported an error\(code.map { " (\($0))" } ?? "")"
            case .truncated: "the stream ended in the middle"
            case .timedOut: "the agent fell silent"
            case .tooLarge: "the answer is larger than allowed"
            case nil: "the stream gave no end"
            }
        }
    }
}
