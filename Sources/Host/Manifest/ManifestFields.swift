import Basics
import Settings
import SurfaceKit

/// Every key of the manifest, apart from the options of each kind of surface, which their adapters declare.
package enum ManifestFields {
    package static let root = [
        ManifestField("$schema", .text, summary: "Where an editor finds the schema of this file."),
        ManifestField("version", .integer(1...1), required: true, summary: "The version of this format: 1."),
        ManifestField("agent", .section(agent), fallback: [:], summary: "The agent that all surfaces talk to."),
        ManifestField("state", .section(state), fallback: [:], summary: "What is kept on disk."),
        ManifestField("attachments", .section(attachments), fallback: [:], summary: "Files that people send."),
        ManifestField("http", .section(http), fallback: [:], summary: "The read-only admin listener."),
        ManifestField("webhooks", .section(webhooks), fallback: [:], summary: "The listener that messengers call."),
        ManifestField(
            "language",
            .choice(Language.allCases.map(\.rawValue)),
            fallback: "en",
            summary: "The language of the program’s own texts in chats."
        ),
        ManifestField(
            "drainSeconds",
            .integer(0...300),
            fallback: 25,
            summary: "How long running turns may go on when the program is told to stop."
        ),
        ManifestField("surfaces", .surfaces, required: true, summary: "The messengers, each one an entry."),
    ]

    package static let agent = [
        ManifestField(
            "baseURL",
            .agentAddress,
            summary: "The agent’s address; without it AGENT_BASE_URL counts, then AGENT_WS_URL."
        ),
        ManifestField("path", .agentPath, summary: "Joined to the address with exactly one slash."),
        ManifestField(
            "protocol",
            .choice(["ag-ui", "openai"]),
            fallback: "ag-ui",
            summary: "How the agent is spoken to: AG-UI, or OpenAI chat completions."
        ),
        ManifestField("model", .text, summary: "The model to ask for; only with the protocol openai, which needs it."),
        ManifestField(
            "history",
            .choice(AgentSettings.History.allCases.map(\.rawValue)),
            fallback: "host",
            summary: "Who remembers the conversation: the host sends the transcript, or the agent keeps it by thread."
        ),
        ManifestField("apiKey", .secret, summary: "Sent as a bearer token; without it AGENT_API_KEY counts."),
        ManifestField(
            "idleTimeoutSeconds",
            .integer(1...86_400),
            fallback: 600,
            summary: "Longest silence of the agent during a run."
        ),
        ManifestField("deadlineSeconds", .integer(1...86_400), fallback: 1800, summary: "Longest run of the agent."),
        ManifestField(
            "transcript",
            .section(transcript),
            fallback: [:],
            summary: "How much of the conversation is sent with each question (history host)."
        ),
        ManifestField(
            "maxRuns",
            .integer(1...10_000),
            fallback: 64,
            summary: "Most runs at one time; further questions wait in order."
        ),
        ManifestField("proxy", .proxy, summary: "The proxy to the agent; without it none is used."),
    ]

    package static let transcript = [
        ManifestField("messages", .integer(1...10_000), fallback: 200, summary: "Most messages."),
        ManifestField("bytes", .integer(1024...16_777_216), fallback: 262_144, summary: "Most bytes of text."),
        ManifestField("fileBytes", .integer(0...67_108_864), fallback: 8_388_608, summary: "Most bytes of files."),
    ]

    package static let state = [
        ManifestField("path", .path, fallback: "state", summary: "The folder of the database and the files."),
        ManifestField(
            "retentionDays",
            .integer(1...3650),
            fallback: 30,
            summary: "How long what was said and done is kept."
        ),
    ]

    package static let attachments = [
        ManifestField(
            "maxBytes",
            .integer(1...1_073_741_824),
            fallback: 20_971_520,
            summary: "Largest file that is accepted."
        ),
        ManifestField("maxCount", .integer(1...100), fallback: 10, summary: "Most files that wait for one question."),
        ManifestField(
            "keepHours",
            .integer(1...8760),
            fallback: 24,
            summary: "How long a file waits for its question."
        ),
    ]

    package static let http = [
        ManifestField(
            "listen",
            .listener,
            fallback: "127.0.0.1:8080",
            summary: "IP address and port of health, status and metrics."
        )
    ]

    package static let webhooks = [
        ManifestField(
            "listen",
            .listener,
            fallback: "127.0.0.1:8081",
            summary: "IP address and port where webhooks arrive."
        ),
        ManifestField(
            "publicURL",
            .address(schemes: ["https", "http"]),
            summary: "The address under which messengers reach the webhook listener."
        ),
    ]

    package static let surface = [
        ManifestField(
            "id",
            .identifier,
            required: true,
            summary: "Unique and stable: state is kept under it. 1 to 32 of a-z, 0-9 and the hyphen."
        ),
        ManifestField("kind", .text, required: true, summary: "Which messenger."),
        ManifestField("enabled", .boolean, fallback: true, summary: "Whether the surface runs."),
        ManifestField("access", .section(access), fallback: [:], summary: "Who may talk to the agent here."),
        ManifestField("groups", .section(groups), fallback: [:], summary: "How the bot behaves in groups."),
        ManifestField("streaming", .section(streaming), fallback: [:], summary: "How a growing answer is shown."),
        ManifestField("proxy", .proxy, summary: "The proxy to the messenger; without it none is used."),
        ManifestField("options", .options, fallback: [:], summary: "What this kind of surface needs."),
    ]

    package static let access = [
        ManifestField(
            "policy",
            .choice(AccessPlan.Policy.allCases.map(\.rawValue)),
            fallback: "pairing",
            summary: "Whom the agent answers: approved people, the people listed in users, or anyone."
        ),
        ManifestField(
            "users",
            .list(.text),
            fallback: [],
            summary: "Accounts, as the messenger names them."
        ),
    ]

    package static let groups = [
        ManifestField(
            "respond",
            .choice(SurfaceAccess.Respond.allCases.map(\.rawValue)),
            fallback: "mention",
            summary: "When the bot answers in a group: when it is addressed, always, or never."
        )
    ]

    package static let streaming = [
        ManifestField(
            "mode",
            .choice(["auto", "off"]),
            fallback: "auto",
            summary: "Whether an answer grows while it is written, where the messenger allows it."
        ),
        ManifestField(
            "editIntervalSeconds",
            .number(0.05...60),
            summary: "Wished time between two edits of a growing answer; the messenger’s limits still hold."
        ),
    ]
}
