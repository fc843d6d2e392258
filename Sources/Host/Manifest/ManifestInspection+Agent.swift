import AgentLink
import Basics
import Settings

extension ManifestInspection {
    /// The agent that `section` and the environment describe; `nil` when there is a mistake.
    package mutating func agent(_ section: ManifestSection) -> AgentPlan? {
        let path = JSONPath.root["agent"]
        let address = agentAddress(section, at: path)
        let codec = codec(section, at: path)
        let apiKey = section.secret("apiKey") ?? defaultKey(at: path["apiKey"])
        guard let address, let codec else { return nil }
        let transcript = section.section("transcript")
        return AgentPlan(
            configuration: AgentConfiguration(
                url: address.url,
                codec: codec,
                apiKey: apiKey,
                idleTimeout: section.seconds("idleTimeoutSeconds"),
                deadline: section.seconds("deadlineSeconds"),
                proxy: section.secret("proxy"),
                derivedFromWebSocket: address.source == .webSocketVariable
            ),
            addressSource: address.source,
            history: section.choice("history", or: .host),
            transcript: TranscriptLimits(
                messages: transcript.integer("messages"),
                bytes: transcript.integer("bytes"),
                fileBytes: transcript.integer("fileBytes")
            ),
            maxRuns: section.integer("maxRuns")
        )
    }

    private mutating func agentAddress(
        _ section: ManifestSection,
        at path: JSONPath
    ) -> (url: String, source: AgentPlan.AddressSource)? {
        guard !hasMistake(at: path["baseURL"]), let (base, source) = firstAddress(section, at: path["baseURL"]) else {
            return nil
        }
        let joined = section.text("path")
        if joined != nil, base.contains("?") {
            report(path["path"], "cannot be joined to an address with a query", hint: "write the path in the address")
            return nil
        }
        return (AgentAddress.joined(base, joined), source)
    }

    /// The manifest counts first, then `AGENT_BASE_URL`, then `AGENT_WS_URL`.
    private mutating func firstAddress(
        _ section: ManifestSection,
        at path: JSONPath
    ) -> (base: String, source: AgentPlan.AddressSource)? {
        if let base = section.text("baseURL") { return (base, .manifest) }
        if let text = environment["AGENT_BASE_URL"], !text.isEmpty {
            return agentAddress(text, from: "AGENT_BASE_URL", at: path).map { ($0, .baseURLVariable) }
        }
        guard let text = environment["AGENT_WS_URL"], !text.isEmpty else {
            report(
                path,
                "nothing gives the agent’s address: agent.baseURL, AGENT_BASE_URL and AGENT_WS_URL are all unset",
                hint: "set AGENT_BASE_URL to the URL that the agent is posted to"
            )
            return nil
        }
        do {
            return (try AgentAddress.derived(fromWebSocket: text), .webSocketVariable)
        } catch {
            report(path, "AGENT_WS_URL \(error.message)", hint: error.hint)
            return nil
        }
    }

    private mutating func codec(_ section: ManifestSection, at path: JSONPath) -> AgentConfiguration.Codec? {
        let model = section.text("model")
        switch (section.text("protocol"), model) {
        case ("openai", let model?): return .openAI(model: model)
        case ("openai", nil):
            if !hasMistake(at: path["model"]) {
                report(path["model"], "is missing: the protocol openai needs it", hint: "write \"model\": \"…\"")
            }
            return nil
        case ("ag-ui", nil): return .agUI
        case ("ag-ui", _?):
            report(
                path["model"],
                "means nothing with the protocol ag-ui",
                hint: "remove it, or write \"protocol\": \"openai\""
            )
            return nil
        default: return nil
        }
    }

    /// `AGENT_API_KEY`, unless the manifest names another place.
    private mutating func defaultKey(at path: JSONPath) -> Secret? {
        guard document.root["agent"]?["apiKey"] == nil, let key = environment["AGENT_API_KEY"], !key.isEmpty else {
            return nil
        }
        if key.hasControlCharacters {
            report(path, "AGENT_API_KEY holds a line end or another control character")
            return nil
        }
        return Secret(key)
    }
}
