import Foundation
import SurfaceKit
import Testing

@testable import State

@Suite("Death mark")
struct DeathMarkTests {
    @Test func `counts the deaths of the process in one event, over restarts`() throws {
        try withFolder { folder in
            for deaths in 0..<3 {
                let mark = try DeathMark(path: "\(folder)/mark")
                #expect(mark.deaths(in: "e", of: "a") == deaths)
                #expect(mark.deaths(in: "e", of: "b") == 0)
                mark.during("e", of: "a") { Self.die(leaving: "\(folder)/mark") }
                try Self.comeBack(to: "\(folder)/mark")
            }
        }
    }

    @Test func `an event that was taken, or thrown out of, has no deaths`() throws {
        struct Refusal: Error {}
        try withFolder { folder in
            let mark = try DeathMark(path: "\(folder)/mark")
            mark.during("taken", of: "a") {}
            #expect(throws: Refusal.self) { try mark.during("refused", of: "a") { throw Refusal() } }

            let next = try DeathMark(path: "\(folder)/mark")
            #expect(next.deaths(in: "taken", of: "a") == 0)
            #expect(next.deaths(in: "refused", of: "a") == 0)
        }
    }

    @Test func `an event that is forgotten begins anew`() throws {
        try withFolder { folder in
            let mark = try DeathMark(path: "\(folder)/mark")
            mark.during("e", of: "a") { Self.die(leaving: "\(folder)/mark") }
            try Self.comeBack(to: "\(folder)/mark")
            let next = try DeathMark(path: "\(folder)/mark")
            #expect(next.deaths(in: "e", of: "a") == 1)

            next.forget("e", of: "a")

            #expect(try DeathMark(path: "\(folder)/mark").deaths(in: "e", of: "a") == 0)
        }
    }

    @Test(arguments: [UInt8(0xFF), 0x7F, 0x01])
    func `a file full of anything does not end the process`(byte: UInt8) throws {
        try withFolder { folder in
            for size in [0, 1, 1536, 5000] {
                try Data(repeating: byte, count: size).write(to: URL(filePath: "\(folder)/mark"))

                let mark = try DeathMark(path: "\(folder)/mark")

                #expect(mark.deaths(in: "e", of: "a") == 0)
                #expect(mark.during("e", of: "a") { true })
                mark.forget("e", of: "a")
            }
        }
    }

    /// The file as it is now is what the kernel keeps when the process dies here.
    private static func die(leaving path: String) {
        try? FileManager.default.copyItem(atPath: path, toPath: "\(path)-left")
    }

    private static func comeBack(to path: String) throws {
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: "\(path)-left", toPath: path)
    }
}
