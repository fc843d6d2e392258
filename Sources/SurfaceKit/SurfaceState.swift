/// What a surface remembers over restarts: a few small values, kept by the host under the surface’s id.
package protocol SurfaceState: Sendable {
    func value(_ key: String) async throws(SurfaceError) -> String?

    /// All pairs whose key begins with `prefix`.
    func values(withPrefix prefix: String) async throws(SurfaceError) -> [String: String]

    /// Stores all changes, or none; durable when it returns.
    func apply(_ changes: [StateChange]) async throws(SurfaceError)
}

/// One change to a ``SurfaceState``.
package struct StateChange: Hashable, Sendable {
    package let key: String
    /// `nil` removes the key.
    package let value: String?

    package init(key: String, value: String?) {
        self.key = key
        self.value = value
    }
}
