import Testing

@testable import Engine

@Suite("Public address")
struct PublicAddressTests {
    @Test(arguments: ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"])
    func `lets the internet through`(address: String) {
        #expect(PublicAddress.contains(address))
    }

    @Test(
        arguments: [
            "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
            "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1",
            "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::808:808",
            "2002:7f00:1::", "2002:808:808::1", "2001::1", "2001:db8::1", "localhost", "",
        ]
    )
    func `keeps this machine and its neighbourhood out`(address: String) {
        #expect(!PublicAddress.contains(address))
    }
}
