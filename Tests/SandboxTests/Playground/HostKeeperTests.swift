import Basics
import Testing

@testable import Sandbox

@Suite("Host keeper")
struct HostKeeperTests {
    @Test func `restarts, stops and starts the host, one at a time`() async {
        let host = StubHost()
        let keeper = HostKeeper(host)

        await withTaskGroup(of: Void.self) { group in
            group.addTask { await keeper.run() }
            #expect(await eventually { host.starts == 1 && host.running == 1 })
            keeper.restart()
            #expect(await eventually { host.starts == 2 && host.running == 1 })
            keeper.set(running: false)
            #expect(await eventually { host.running == 0 && keeper.json["phase"] == "stopped" })
            keeper.set(running: true)
            #expect(await eventually { host.starts == 3 && keeper.json["phase"] == "running" })
            #expect(keeper.json["starts"] == 3)
            group.cancelAll()
        }
        #expect(host.running == 0)
    }

    @Test func `tells why the host does not run, and tries again when asked`() async {
        let host = StubHost()
        host.breakDown(true)
        let keeper = HostKeeper(host)

        await withTaskGroup(of: Void.self) { group in
            group.addTask { await keeper.run() }
            #expect(await eventually { keeper.json["phase"] == "failed" })
            #expect(keeper.json["failure"] == "broken")
            host.breakDown(false)
            keeper.restart()
            #expect(await eventually { keeper.json["phase"] == "running" })
            #expect(keeper.json["failure"] == nil)
            group.cancelAll()
        }
        #expect(host.running == 0)
    }
}
