/// Where the agent is, worked out from what an operator wrote.
package enum AgentAddress {
    /// The HTTP address behind an agent’s WebSocket address.
    ///
    /// `ws` becomes `http` and `wss` `https`. The last path component that is `ws` or ends in `_ws` is dropped with all
    /// after it, and so are query and fragment: `ws://h:8000/v1/agent_ws/42/` is `http://h:8000/v1`.
    package static func derived(fromWebSocket text: String) throws(WebAddress.Fault) -> String {
        let address = try WebAddress(text, schemes: ["ws", "wss", "http", "https"])
        guard address.credentials == nil else {
            throw WebAddress.Fault(message: "must hold no user and password", hint: nil)
        }
        let scheme = address.scheme.replacing("ws", with: "http")
        let origin = "\(scheme)\(address.origin.dropFirst(address.scheme.count))"
        let components = address.path.split(separator: "/", omittingEmptySubsequences: false)
        guard let socket = components.lastIndex(where: { $0 == "ws" || $0.hasSuffix("_ws") }) else {
            return origin + (address.path == "/" ? "" : address.path)
        }
        var path = components[..<socket].joined(separator: "/")
        while path.hasSuffix("/") { path.removeLast() }
        return origin + path
    }

    /// `base` and `path` with exactly one slash between them; `base` as written when there is no path.
    package static func joined(_ base: String, _ path: String?) -> String {
        guard let path else { return base }
        var (start, end) = (base[...], path[...])
        while start.hasSuffix("/") { start.removeLast() }
        while end.hasPrefix("/") { end.removeFirst() }
        return "\(start)/\(end)"
    }
}
