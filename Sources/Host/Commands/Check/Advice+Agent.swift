import AgentLink

extension Advice {
    /// What the agent’s answer to a GET means; nothing has been run.
    static func told(agentStatus status: Int, _ agent: AgentConfiguration) -> (ok: Bool, detail: String) {
        let (ok, meaning) =
            switch status {
            case 401, 403: (false, "answers, but refuses the key: check agent.apiKey or AGENT_API_KEY")
            case 404: (true, "answers, but has nothing at this address for a GET: check the path if runs fail, too")
            case 405: (true, "answers; it takes no GET here, as is usual where runs are posted")
            case 426: (false, "answers, but wants another protocol than HTTP")
            case 300..<400:
                (false, "answers with a redirect, which is not followed: write the address that it leads to")
            case 500...: (false, "answers that it is broken")
            default: (true, "answers")
            }
        return (ok, (["\(meaning) (status \(status))"] + remarks(status, agent)).joined(separator: "; "))
    }

    private static func remarks(_ status: Int, _ agent: AgentConfiguration) -> [String] {
        let isAbsent = [404, 405, 426].contains(status)
        var path = agent.url.prefix { $0 != "?" }
        while path.hasSuffix("/") { path.removeLast() }
        var remarks: [String] = []
        if agent.derivedFromWebSocket, isAbsent { remarks.append("it may speak WebSocket only") }
        switch agent.codec {
        case .agUI where path.hasSuffix("/chat/completions") || (status == 404 && path.hasSuffix("/v1")):
            remarks.append("the address looks like one of OpenAI’s protocol: set agent.protocol to \"openai\"")
        case .openAI where path.hasSuffix("/chat/completions"):
            remarks.append("/chat/completions is added to agent.baseURL: leave it out there")
        case .openAI where status == 404 && !path.hasSuffix("/v1"):
            remarks.append("the base of OpenAI’s protocol mostly ends in /v1")
        case .agUI, .openAI: break
        }
        return remarks
    }
}
