import Settings
import Synchronization

/// The settings as they are now; they change when the manifest is read again.
package final class LiveSettings: Sendable {
    private let settings: Mutex<HostSettings>

    package init(_ settings: HostSettings) { self.settings = Mutex(settings) }

    package var current: HostSettings { settings.withLock { $0 } }

    package func adopt(_ new: HostSettings) { settings.withLock { $0 = new } }
}
