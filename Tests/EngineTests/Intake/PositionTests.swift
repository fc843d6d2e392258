import SurfaceKit
import Testing

@testable import Engine
@testable import State

@Suite("Positions in the last list")
struct PositionTests {
    /// A person with three named contexts, the newest current.
    private func withThree(_ body: @Sendable (PeopleScene) async throws -> Void) async throws {
        try await withStore { store, _ in
            let scene = PeopleScene(store: store)
            for (index, name) in ["One", "Two", "Three"].enumerated() {
                if index > 0 { try await scene.say("/new", by: "7", on: "a") }
                try await scene.say("/save \(name)", by: "7", on: "a")
            }
            try await body(scene)
        }
    }

    @Test func `load and delete what stood there`() async throws {
        try await withThree { scene async throws in
            let list = try await scene.say("/contexts", by: "7", on: "a").joined().split(separator: "\n")
            #expect(list.count == 3)
            #expect(list[0].hasPrefix("1. → ") && list[0].contains("“Three”"))
            #expect(list[2].hasPrefix("3. ") && list[2].contains("“One”"))

            #expect(try await scene.say("/load 3", by: "7", on: "a") == ["You are now in conversation “One”."])
            #expect(try await scene.say("/delete 2", by: "7", on: "a") == ["Conversation “Two” is deleted."])
            // The list that was shown still counts; what is gone is gone.
            #expect(try await scene.say("/delete 2", by: "7", on: "a").joined().contains("no conversation “2”"))
            #expect(try await scene.say("/load 1", by: "7", on: "a") == ["You are now in conversation “Three”."])
        }
    }

    @Test(arguments: ["0", "4", "99", "100", "03", "+1", "-1", "１", "1 2"])
    func `that stood nowhere mean nothing`(word: String) async throws {
        try await withThree { scene async throws in
            try await scene.say("/contexts", by: "7", on: "a")

            // A leading zero is a way to write a position.
            let isPosition = word == "03"
            let said = try await scene.say("/load \(word)", by: "7", on: "a").joined()
            #expect(said.contains(isPosition ? "“One”" : "There is no conversation"), "\(said)")
        }
    }

    @Test func `mean nothing before a list, to another person, or in another chat`() async throws {
        try await withThree { scene async throws in
            #expect(try await scene.say("/load 1", by: "7", on: "a").joined().contains("no conversation"))
            try await scene.say("/contexts", by: "7", on: "a")
            #expect(try await scene.say("/load 1", by: "8", on: "a").joined().contains("no conversation"))
            #expect(try await scene.say("/load 1", by: "7", on: "a", in: "group").joined().contains("no conversation"))
        }
    }

    @Test func `are fifty at most, and the rest is counted`() async throws {
        try await withStore { store, _ in
            let scene = PeopleScene(store: store)
            for _ in 1...53 { try await scene.say("/new", by: "7", on: "a") }

            let lines = try await scene.say("/contexts", by: "7", on: "a").joined(separator: "\n").split(
                separator: "\n"
            )

            #expect(lines.count == 51)
            #expect(lines.last?.contains("3 more") == true, "\(lines.last ?? "")")
            #expect(try await scene.say("/load 51", by: "7", on: "a").joined().contains("no conversation"))
        }
    }

    @Test func `are echoed short`() async throws {
        try await withThree { scene async throws in
            let said = try await scene.say("/load \(String(repeating: "x", count: 4_080))", by: "7", on: "a")

            #expect(said.count == 1)
            #expect(said.joined().count < 150)
        }
    }
}
