import Basics
import Settings
import SurfaceKit
import Testing

@testable import Engine
@testable import State

@Suite("Pairing")
struct PairingTests {
    private func withScene(_ body: @Sendable (PeopleScene) async throws -> Void) async throws {
        try await withStore { store, _ in try await body(PeopleScene(store: store, policy: .pairing)) }
    }

    @Test func `gives a stranger a code once, and keeps nothing of what was said`() async throws {
        try await withScene { scene async throws in
            let code = try #require(try await scene.say("let me in, secretly", by: "eve", on: "a").code)

            #expect(code.count == PairingRecord.codeLength)
            #expect(try await scene.say("hello?", by: "eve", on: "a") == [])
            #expect(try await scene.count("turn") == 0)
            #expect(try await scene.count("seen") == 0)
            let kept = try await scene.store.read { try $0.pairings() }
            #expect(kept.map(\.person) == ["eve"] && kept.map(\.name) == ["The eve"] && kept.map(\.code) == [code])
        }
    }

    @Test func `lets in who was approved, and out again`() async throws {
        try await withScene { scene async throws in
            let code = try #require(try await scene.say("hi", by: "eve", on: "a").code)

            let approved = try await scene.store.write { try $0.approvePairing(code.lowercased(), now: .now) }

            #expect(approved?.person == "eve")
            let again = try await scene.store.write { try $0.approvePairing(code, now: .now) }
            #expect(again == nil)
            try await scene.say("now?", by: "eve", on: "a")
            #expect(try await scene.count("turn") == 1)
            // The same name on another surface is another account.
            #expect(try await scene.say("and here?", by: "eve", on: "b").code != nil)

            let revoked = try await scene.store.write { try $0.revokeApproval(of: "eve", on: "a", now: .now) }
            #expect(revoked)
            let waiting = try await scene.store.read { try $0.waitingTurns() }
            #expect(waiting == 0)
            #expect(try await scene.say("still?", by: "eve", on: "a").code != nil)
            #expect(try await scene.count("turn") == 1)
        }
    }

    @Test func `forgets a code after an hour`() async throws {
        try await withScene { scene async throws in
            let past = Timestamp.now - PairingRecord.lasts - .seconds(1)
            let code = try #require(try await scene.say("hi", by: "eve", on: "a", at: past).code)

            let approved = try await scene.store.write { try $0.approvePairing(code, now: .now) }
            #expect(approved == nil)
            let next = try await scene.say("hi", by: "eve", on: "a").code
            #expect(next != nil && next != code)
        }
    }

    @Test func `ignores strangers beyond twenty on a surface`() async throws {
        try await withScene { scene async throws in
            for number in 0..<20 {
                #expect(try await scene.say("hi", by: PersonID("eve\(number)"), on: "a").code != nil)
            }
            let conversations = try await scene.count("conversation")

            for number in 20..<60 {
                #expect(try await scene.say("hi", by: PersonID("eve\(number)"), on: "a") == [])
            }
            #expect(try await scene.count("pairing") == 20)
            #expect(try await scene.count("conversation") == conversations)
            #expect(try await scene.say("hi", by: "eve", on: "b").code != nil)
        }
    }

    @Test func `says nothing to a stranger in a group, nor where only listed people are let in`() async throws {
        try await withScene { scene async throws in
            #expect(try await scene.say("hi", by: "eve", on: "a", in: "room") == [])
            var closed = scene
            closed.policy = .allowlist
            #expect(try await closed.say("hi", by: "eve", on: "a") == [])
            #expect(try await scene.count("conversation") == 0)
        }
    }

    @Test func `lets a stranger neither stop, edit nor withdraw`() async throws {
        try await withScene { scene async throws in
            for content in [
                InboundEvent.Content.stopRequested("1"), .edited("m", text: "x"), .deleted("m"),
            ] {
                let event = InboundEvent(
                    id: "e",
                    conversation: ConversationAddress(chat: "dm-eve"),
                    chatKind: .direct,
                    sender: Sender(id: "eve", name: "Eve"),
                    content: content
                )
                #expect(try await scene.take(event, on: "a") == [])
            }
            #expect(try await scene.count("pairing") == 0)
        }
    }
}
