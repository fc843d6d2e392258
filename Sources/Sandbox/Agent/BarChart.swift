/// A small picture of some numbers, as a PNG (RFC 2083) of 16 colours without compression.
struct BarChart {
    private static let width = 480
    private static let height = 270
    private static let background: UInt8 = 0
    private static let line: UInt8 = 1
    private static let palette: [[UInt8]] = [
        [0xF7, 0xF8, 0xFC], [0xC9, 0xCE, 0xDE], [0x4F, 0x6B, 0xED], [0x2A, 0x9D, 0x8F], [0xE9, 0x8A, 0x15],
        [0xD6, 0x4B, 0x5F], [0x7B, 0x5C, 0xD6], [0x1F, 0x8F, 0xC4], [0x5C, 0x8A, 0x3A],
    ]

    private let values: [Int]

    /// - Parameter values: 0 to 100 each.
    init(_ values: [Int]) { self.values = values.map { min(max($0, 0), 100) } }

    var png: [UInt8] {
        var header = Self.bytes(UInt32(Self.width)) + Self.bytes(UInt32(Self.height))
        // Eight bits a pixel, by palette.
        header += [8, 3, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Self.chunk("IHDR", header)
            + Self.chunk("PLTE", Self.palette.flatMap { $0 }) + Self.chunk("IDAT", Self.stored(rows))
            + Self.chunk("IEND", [])
    }

    /// Each with the number of its filter before it: none.
    private var rows: [UInt8] {
        let (bottom, top) = (Self.height - 24, 24)
        let step = (Self.width - 48) / max(values.count, 1)
        return (0..<Self.height).flatMap { y in
            var row = [UInt8](repeating: Self.background, count: Self.width)
            if y == bottom || y > top && y < bottom && (bottom - y) % 50 == 0 {
                for x in 24..<(Self.width - 24) { row[x] = Self.line }
            }
            for (index, value) in values.enumerated() where y < bottom && y >= bottom - (bottom - top) * value / 100 {
                let left = 24 + index * step + step / 6
                let colour = UInt8(2 + index % (Self.palette.count - 2))
                for x in left..<(left + step * 2 / 3) { row[x] = colour }
            }
            return [0] + row
        }
    }

    // MARK: PNG

    private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let content = Array(type.utf8) + data
        return bytes(UInt32(data.count)) + content + bytes(crc(content))
    }

    /// A zlib stream (RFC 1950) of blocks that are not compressed.
    private static func stored(_ data: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x78, 0x01]
        var rest = data[...]
        repeat {
            let block = rest.prefix(0xFFFF)
            rest = rest.dropFirst(0xFFFF)
            let count = UInt16(block.count)
            result.append(rest.isEmpty ? 1 : 0)
            for number in [count, ~count] { result += [UInt8(number & 0xFF), UInt8(number >> 8)] }
            result += block
        } while !rest.isEmpty
        return result + bytes(adler(data))
    }

    private static func bytes(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func crc(_ data: [UInt8]) -> UInt32 {
        ~data.reduce(~UInt32(0)) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
        }
    }

    private static func adler(_ data: [UInt8]) -> UInt32 {
        var (a, b) = (UInt32(1), UInt32(0))
        for byte in data {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return b << 16 | a
    }
}
