import Glibc

/// Tells addresses of the public internet from those of this machine and its neighbourhood.
enum PublicAddress {
    /// False for loopback, private, link-local, shared, multicast and reserved addresses (RFC 6890), and for what is
    /// no IP address.
    static func contains(_ address: String) -> Bool {
        var four = in_addr()
        if inet_pton(AF_INET, address, &four) == 1 { return isPublic(UInt32(bigEndian: four.s_addr)) }
        var six = in6_addr()
        guard inet_pton(AF_INET6, address, &six) == 1 else { return false }
        return isPublic(withUnsafeBytes(of: &six) { Array($0) })
    }

    private static func isPublic(_ address: UInt32) -> Bool {
        let reserved: [(UInt32, UInt32)] = [
            (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8), (0xA9FE_0000, 16),
            (0xAC10_0000, 12), (0xC000_0000, 24), (0xC000_0200, 24), (0xC0A8_0000, 16), (0xC612_0000, 15),
            (0xC633_6400, 24), (0xCB00_7100, 24), (0xE000_0000, 3),
        ]
        return !reserved.contains { network, bits in address >> (32 - bits) == network >> (32 - bits) }
    }

    private static func isPublic(_ address: [UInt8]) -> Bool {
        let embedded = address.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        // IPv4 within IPv6: mapped (::ffff:0:0/96).
        if address.prefix(10).allSatisfy({ $0 == 0 }), address[10] == 0xFF, address[11] == 0xFF {
            return isPublic(embedded)
        }
        // Only 2000::/3 is given out, so that no translated address (NAT64) counts; within it 6to4, 2001::/23 and
        // documentation are not hosts: a gateway may lead from any of these to a private network.
        guard address[0] >> 5 == 1, address.prefix(2) != [0x20, 0x02] else { return false }
        if address[0] == 0x20, address[1] == 0x01, address[2] < 0x02 { return false }
        return address.prefix(4) != [0x20, 0x01, 0x0D, 0xB8]
    }
}
