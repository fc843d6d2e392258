import Basics
import SurfaceKit

/// The addresses that MAX posts the bot’s updates to; while there is one, nothing can be polled.
struct Subscriptions: Sendable {
    let api: MaxAPI
    let log: Log

    /// Every address; one may stand twice.
    func all() async throws(SurfaceError) -> [String] {
        let answer = try await call("GET")
        return (answer["subscriptions"]?.array ?? []).compactMap { $0["url"]?.string }
    }

    /// Ends every subscription but that of `kept`, and says so.
    ///
    /// - Returns: How often `kept` is subscribed, and how many others there were.
    @discardableResult
    func removeAll(but kept: String? = nil) async throws(SurfaceError) -> (kept: Int, removed: Int) {
        let addresses = try await all()
        let others = Set(addresses).subtracting([kept].compactMap { $0 })
        for address in others.sorted() {
            log.warning("MAX was told to post to another address: ending that subscription", ["address": address])
            try await remove(address)
        }
        return (addresses.count { $0 == kept }, others.count)
    }

    func remove(_ address: String) async throws(SurfaceError) {
        _ = try await call("DELETE", query: [("url", address)])
    }

    func add(_ address: String, secret: Secret) async throws(SurfaceError) {
        let body: JSONValue = [
            "url": .string(address), "secret": .string(secret.exposed),
            "update_types": .array(UpdateReader.kinds.map { .string($0) }),
        ]
        _ = try await call("POST", body: body)
    }

    private func call(
        _ method: String,
        query: [(name: String, value: String)] = [],
        body: JSONValue? = nil
    ) async throws(SurfaceError) -> JSONValue {
        do throws(MaxAPIError) {
            return try await api.call(method, "/subscriptions", query: query, body: body)
        } catch {
            throw SurfaceError(error)
        }
    }
}
