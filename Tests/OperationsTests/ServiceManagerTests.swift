import Testing

@testable import Operations

/// What the host makes of the variables that systemd sets.
@Suite("Service manager")
struct ServiceManagerTests {
    @Test func `speaks at half of the watchdog’s time, when the watchdog is for this process`() {
        let watched = ["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "7"]

        #expect(ServiceManager.watchdog(watched, pid: 7) == .milliseconds(1500))
        #expect(ServiceManager.watchdog(watched, pid: 8) == nil)
        #expect(ServiceManager.watchdog(["WATCHDOG_USEC": "3000000"], pid: 8) == .milliseconds(1500))
        #expect(ServiceManager.watchdog(["WATCHDOG_USEC": "0"]) == nil)
        #expect(ServiceManager.watchdog([:]) == nil)
    }

    @Test(arguments: ["", "/", "@", "relative", "vsock:2:1234", "/" + String(repeating: "x", count: 107)])
    func `takes no address that is none`(address: String) {
        #expect(NotificationSocket(address: address) == nil)
    }

    @Test(arguments: [
        "/run/n", "@n", "/" + String(repeating: "x", count: 106), "@" + String(repeating: "x", count: 107),
    ])
    func `takes paths and abstract names of any length that there may be`(address: String) {
        #expect(NotificationSocket(address: address) != nil)
    }
}
