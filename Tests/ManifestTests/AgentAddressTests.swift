import AgentLink
import Basics
import Testing

@testable import Manifest

@Suite("The agent’s address")
struct AgentAddressTests {
    @Test(arguments: [
        ("ws://h:8000/v1/agent_ws/42/", "http://h:8000/v1"),
        ("wss://h/ws", "https://h"),
        ("ws://h:8000", "http://h:8000"),
        ("ws://h:8000/", "http://h:8000"),
        ("ws://h/ws/", "http://h"),
        ("ws://h//ws", "http://h"),
        ("ws://h/a/ws/chat/ws/b", "http://h/a/ws/chat"),
        ("ws://h/ws/chat", "http://h"),
        ("ws://h/a_ws/b", "http://h"),
        ("ws://h/_ws", "http://h"),
        ("ws://h/v1/chat/", "http://h/v1/chat/"),
        ("ws://h/news/wsx/xws", "http://h/news/wsx/xws"),
        ("ws://h/WS", "http://h/WS"),
        ("WSS://H:443/v1/ws", "https://H:443/v1"),
        ("ws://h/v1/ws?token=x#y", "http://h/v1"),
        ("ws://h?x=/ws", "http://h"),
        ("ws://h/v1#/ws", "http://h/v1"),
        ("http://h/v1/ws", "http://h/v1"),
        ("https://h/v1", "https://h/v1"),
        ("ws://[::1]:8000/ws", "http://[::1]:8000"),
        ("ws://wss/ws", "http://wss"),
    ])
    func `is derived from a WebSocket address`(text: String, address: String) throws {
        #expect(try AgentAddress.derived(fromWebSocket: text) == address)
    }

    @Test(arguments: [
        "", "h", "h:80/ws", "ws:///ws", "ws://", "ftp://h/ws", "ws://u:p@h/ws", "ws://h/a b/ws", "ws://h:0/ws",
    ])
    func `is not derived from anything else`(text: String) {
        #expect(throws: WebAddress.Fault.self) { try AgentAddress.derived(fromWebSocket: text) }
    }

    @Test(arguments: [
        ("http://h", nil, "http://h"), ("http://h/v1/", nil, "http://h/v1/"), ("http://h", "a", "http://h/a"),
        ("http://h/", "a", "http://h/a"), ("http://h", "/a", "http://h/a"), ("http://h//", "//a/b/", "http://h/a/b/"),
        ("http://h/v1", "/", "http://h/v1/"),
    ])
    func `is joined to its path with one slash`(base: String, path: String?, address: String) {
        #expect(AgentAddress.joined(base, path) == address)
    }

    @Test(arguments: [
        ("\"baseURL\": \"http://a\"", "http://a", AgentPlan.AddressSource.manifest),
        ("\"baseURL\": {\"env\": \"MINE\"}", "http://mine/x/", .manifest),
        ("\"baseURL\": {\"env\": \"UNSET\"}", "http://base?q=1", .baseURLVariable),
        ("\"history\": \"host\"", "http://base?q=1", .baseURLVariable),
    ])
    func `comes from the manifest before the environment`(
        agent: String,
        address: String,
        source: AgentPlan.AddressSource
    ) throws {
        let deployment = try Deployment(Deployment.manifest("\"agent\": {\(agent)}"))

        let plan = try deployment.load([
            "TOKEN": "t", "MINE": "http://mine/x/", "AGENT_BASE_URL": "http://base?q=1", "AGENT_WS_URL": "ws://old/ws",
        ]).agent

        #expect(plan.configuration.url == address)
        #expect(plan.addressSource == source)
        #expect(!plan.configuration.derivedFromWebSocket)
    }

    @Test func `comes from AGENT_WS_URL last`() throws {
        let deployment = try Deployment(Deployment.manifest("\"agent\": {\"path\": \"run\"}"))

        let plan = try deployment.load(["TOKEN": "t", "AGENT_BASE_URL": "", "AGENT_WS_URL": "wss://h/v1/ws/7"]).agent

        #expect(plan.configuration.url == "https://h/v1/run")
        #expect(plan.addressSource == .webSocketVariable)
        #expect(plan.configuration.derivedFromWebSocket)
    }

    @Test func `comes with a key from the manifest before AGENT_API_KEY`() throws {
        let environment = Deployment.environment.merging(["AGENT_API_KEY": "default"]) { $1 }
        let own = try Deployment(Deployment.manifest(#""agent": {"apiKey": {"file": "secret"}}"#))

        #expect(try Deployment(Deployment.manifest()).load().agent.configuration.apiKey == nil)
        #expect(try Deployment(Deployment.manifest()).load(environment).agent.configuration.apiKey == Secret("default"))
        #expect(try own.load(environment).agent.configuration.apiKey == Secret("fr0m-file"))
    }
}
