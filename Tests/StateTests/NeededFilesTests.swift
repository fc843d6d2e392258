import AgentLink
import Basics
import Foundation
import SurfaceKit
import Testing

@testable import State

@Suite("Needed files")
struct NeededFilesTests {
    @Test func `the files of an exchange that is remembered stay, the others go`() throws {
        try withDatabase { database in
            let scene = try Scene(database)
            let turn = try scene.answeredTurn(file: "in1")

            #expect(try database.neededFiles(of: turn) == .only(["\(turn)/in1"]))
        }
    }

    @Test func `an exchange that no longer fits takes its files along`() throws {
        try withDatabase { database in
            let scene = try Scene(database)
            let turn = try scene.answeredTurn(file: "in0")
            let old = try database.transcript(of: scene.context).entries

            try database.replaceTranscript(of: scene.context, by: [], instead: old)

            #expect(try database.neededFiles(of: turn) == .only([]))
        }
    }

    @Test func `where the agent keeps the history, files go with the end of the turn`() throws {
        try withDatabase { database in
            let scene = try Scene(database)
            let turn = try scene.turn()
            #expect(try database.neededFiles(of: turn) == .all)
            try database.endTurn(turn, as: .answered, now: .now)

            #expect(try database.neededFiles(of: turn) == .only([]))
        }
    }

    @Test func `a file that is owed stays until it is delivered`() throws {
        try withDatabase { database in
            let scene = try Scene(database)
            let turn = try scene.turn()
            let path = FileCabinet.name(ofAnswerFile: 0, turn: turn)
            let file = OutboundFile(path: path, kind: .document, name: "a", mimeType: "text/plain", size: 1)
            try database.owe(NewPost(.file(file), in: scene.conversation, turn: turn), now: .now)
            try database.endTurn(turn, as: .answered, now: .now)
            #expect(try database.neededFiles(of: turn) == .only([path]))
            let post = try #require(try database.nextOwed(in: scene.conversation))
            try database.settle(post.id, as: .delivered, now: .now)

            #expect(try database.neededFiles(of: turn) == .only([]))
        }
    }

    @Test func `files that a host left when it died go: no turn has them`() throws {
        let needed = try withDatabase { try $0.neededFiles(of: TurnID(7)) }

        #expect(needed == .only([]))
    }

    @Test func `the cabinet removes just what is not needed`() throws {
        try withFolder { folder in
            let files = FileCabinet(directory: "\(folder)/files")
            for name in ["7/in0", "7/in1", "8/in0", "9/in0"] { try files.output(name).finish() }

            try files.clean(TurnID(7), keeping: .only(["7/in1"]))
            try files.clean(TurnID(8), keeping: .only([]))
            try files.clean(TurnID(9), keeping: .all)
            try files.clean(TurnID(10), keeping: .only([]))

            #expect(Set(files.turns) == [TurnID(7), TurnID(9)])
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/files/7") == ["in1"])
        }
    }

    @Test func `a file that cannot be removed is told of, and does not keep the others`() throws {
        try withFolder { folder in
            let files = FileCabinet(directory: "\(folder)/files")
            try files.output("7/a").finish()
            try files.output("7/b/c").finish()
            try files.output("7/z").finish()

            #expect(throws: StateError.self) { try files.clean(TurnID(7), keeping: .only([])) }

            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/files/7") == ["b"])
        }
    }
}
