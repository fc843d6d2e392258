import Basics
import Glibc

/// Whoever started the host and wants to know how it is: systemd, by its notification protocol (sd_notify(3)).
///
/// Silent when nobody asked.
package struct ServiceManager: Sendable {
    /// What the manager does with a service that is silent for longer than it may.
    private let watchdog: Duration?
    private let socket: NotificationSocket?

    private let system: any System

    package init(environment: [String: String], system: any System) {
        self.system = system
        socket = environment["NOTIFY_SOCKET"].flatMap { NotificationSocket(address: $0) }
        watchdog = Self.watchdog(environment)
    }

    /// Half of the time after which silence is taken for death; `nil` when nobody watches this process.
    package static func watchdog(_ environment: [String: String], pid: Int32 = getpid()) -> Duration? {
        if let watched = environment["WATCHDOG_PID"], Int32(watched) != pid { return nil }
        guard let microseconds = environment["WATCHDOG_USEC"].flatMap({ Int64($0) }), microseconds > 0 else {
            return nil
        }
        return .microseconds(microseconds / 2)
    }

    /// The host listens, and what it was told is in force.
    ///
    /// - Parameter status: One line for `systemctl status`.
    package func isReady(_ status: String) { tell("READY=1", "STATUS=\(status)") }

    /// The manifest is being read again; ``isReady(_:)`` follows.
    package func reloads() { tell("RELOADING=1", "MONOTONIC_USEC=\(Self.monotonicMicroseconds())") }

    /// - Parameter patience: How long the end may take, from now on.
    package func stops(within patience: Duration) {
        tell("STOPPING=1", "STATUS=Draining", "EXTEND_TIMEOUT_USEC=\(patience.components.seconds * 1_000_000)")
    }

    /// Says at half of the watchdog’s time that the host lives, whenever `answers` returns; until cancelled.
    ///
    /// - Parameter answers: Throws or does not return when the host is of no use any more.
    package func reassure(while answers: @Sendable () async throws -> Void) async {
        guard let watchdog, socket != nil else { return }
        while !Task.isCancelled {
            // A failure is told by silence: the manager kills and starts anew.
            if (try? await answers()) != nil { tell("WATCHDOG=1") }
            try? await system.sleep(for: watchdog)
        }
    }

    private func tell(_ assignments: String...) { socket?.send(assignments.joined(separator: "\n")) }

    private static func monotonicMicroseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
