import SurfaceKit
import Testing

@testable import State

@Suite("Shown list")
struct ShownListTests {
    @Test func `is the last one of that person in that chat, in its order`() throws {
        try withDatabase { database in
            let (here, there) = (try database.chat("here"), try database.chat("there"))
            try database.noteList(of: [ContextID(9), ContextID(7)], shownTo: "ann", in: here)
            try database.noteList(of: [ContextID(5)], shownTo: "ben", in: here)
            try database.noteList(of: [ContextID(8), ContextID(7), ContextID(9)], shownTo: "ann", in: here)

            #expect(try database.shownList(to: "ann", in: here) == [8, 7, 9].map { ContextID($0) })
            #expect(try database.shownList(to: "ben", in: here) == [ContextID(5)])
            #expect(try database.shownList(to: "ann", in: there) == [])
        }
    }

    @Test func `does not keep a chat from going on in another`() throws {
        try withDatabase { database in
            let (old, new) = (try database.chat("old"), try database.chat("new"))
            try database.noteList(of: [ContextID(5)], shownTo: "ann", in: old)

            try database.moveChat("old", to: "new", on: "a")

            #expect(try database.shownList(to: "ann", in: new) == [])
            #expect(try database.run("SELECT * FROM shown_list").isEmpty)
        }
    }
}

extension Database {
    fileprivate func chat(_ chat: ChatID) throws -> ConversationID {
        try conversation(on: "a", at: ConversationAddress(chat: chat), kind: .direct, language: nil).id
    }
}
