import SurfaceKit
import Synchronization

/// What was uploaded and is not sent yet, so that another attempt at an operation does not upload it again.
final class UploadMemory: Sendable {
    struct Key: Hashable, Sendable {
        let operation: OperationID
        let path: String
    }

    private struct Entry {
        /// Given up for this file: it goes as a plain file.
        var form: MediaForm?
        var token: String?
        /// Sends for which the service was not done with the file.
        var waits = 0
        /// Uploads whose token was not good.
        var renewals = 0
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var order: [Key] = []
    }

    private static let mostEntries = 256
    /// About eight minutes; then the upload itself is taken to be broken.
    private static let mostWaits = 100
    private static let mostRenewals = 3

    private let state = Mutex(State())

    func token(_ key: Key) -> String? { state.withLock { $0.entries[key]?.token } }
    func form(_ key: Key) -> MediaForm? { state.withLock { $0.entries[key]?.form } }

    func keep(_ token: String, for key: Key) { change(key) { $0.token = token } }

    /// The file goes in `form` from now on, which needs another upload.
    func decline(_ key: Key, to form: MediaForm) { change(key) { $0 = Entry(form: form) } }

    func forget(_ key: Key) {
        state.withLock { state in
            state.entries[key] = nil
            state.order.removeAll { $0 == key }
        }
    }

    /// The file is not ready: how long to wait before the next send.
    func wait(_ key: Key) -> Duration {
        change(key) { entry in
            entry.waits += 1
            if entry.waits >= Self.mostWaits { entry = Entry(form: entry.form, renewals: entry.renewals + 1) }
            return min(.seconds(5), .milliseconds(500) * (1 << min(max(entry.waits - 1, 0), 4)))
        }
    }

    /// The token is not good; false when that happened too often.
    func renew(_ key: Key) -> Bool {
        change(key) { entry in
            entry = Entry(form: entry.form, renewals: entry.renewals + 1)
            return entry.renewals < Self.mostRenewals
        }
    }

    private func change<Result>(_ key: Key, _ body: (inout Entry) -> Result) -> Result {
        state.withLock { state in
            if state.entries[key] == nil {
                state.order.append(key)
                if state.order.count > Self.mostEntries { state.entries[state.order.removeFirst()] = nil }
            }
            var entry = state.entries[key] ?? Entry()
            let result = body(&entry)
            state.entries[key] = entry
            return result
        }
    }
}
