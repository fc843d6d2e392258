import Basics
import HTTP
import Sandbox
import SurfaceConformance
import SurfaceKit
import Testing

@testable import Max

@Suite("What a MAX surface sends", .timeLimit(.minutes(2)))
struct SendingTests {
    private static func send(
        _ content: MessageContent,
        by surface: MaxSurface,
        _ rig: MaxRig,
        replyTo: MessageID? = nil,
        as id: OperationID = "op"
    ) async throws -> Receipt {
        try await surface.perform(.send(content, to: rig.conversation, replyTo: replyTo), as: id)
    }

    // MARK: Texts

    @Test func `shows formatting as formatting`() async throws {
        try await MaxRig.run { rig in
            _ = try await Self.send(.text(MessageText("**bold** and `code`")), by: rig.makeSurface(), rig)

            let message = try #require(await rig.simulator.messages(in: rig.chat).last)
            #expect(message.text == "bold and code")
            #expect(message.markup.map { $0["type"]?.string } == ["strong", "monospaced"])
        }
    }

    @Test func `sends the characters alone when the markup is not understood`() async throws {
        var settings = MaxSimulatorSettings()
        settings.refusesFormat = true
        try await MaxRig.run(settings) { rig in
            let receipt = try await Self.send(.text(MessageText("**bold**")), by: rig.makeSurface(), rig)
            let edit = OutboundOperation.edit(
                try #require(receipt.message),
                .text(MessageText("*other*")),
                in: rig.conversation
            )
            _ = try await rig.makeSurface().perform(edit, as: "edit")

            #expect(try await rig.transcript().map(\.text) == ["other"])
        }
    }

    @Test func `answers although the question is gone`() async throws {
        try await MaxRig.run { rig in
            let question = try await rig.say("why?")
            try await rig.withdraw(question)

            _ = try await Self.send(.text(MessageText("because")), by: rig.makeSurface(), rig, replyTo: question)

            #expect(try await rig.transcript().map(\.replyTo) == [nil])
        }
    }

    @Test func `refuses what nobody would see, without asking the service`() async throws {
        try await MaxRig.run { rig in
            await #expect(throws: SurfaceError.refused(.other, reason: "nothing to show")) {
                try await Self.send(.text(MessageText(" \u{200B}\n")), by: rig.makeSurface(), rig)
            }
            #expect(await rig.simulator.calls.isEmpty)
        }
    }

    @Test func `says that a text is too long`() async throws {
        try await MaxRig.run(allowsViolations: true) { rig in
            let text = MessageText(String(repeating: "x", count: 4001), format: .plain)
            let error = await #expect(throws: SurfaceError.self) {
                try await Self.send(.text(text), by: rig.makeSurface(), rig)
            }
            #expect(
                error
                    == .refused(
                        .tooLarge,
                        reason: "400 proto.payload Field 'text' size (4001) must be at most 4000"
                    )
            )
        }
    }

    // MARK: Outcomes

    @Test(
        arguments: [
            (.drop, "unknown"), (.applyThenDrop, "unknown"), (.badGateway, "unknown"),
            (.error(code: 500, description: "internal.error"), "unknown"),
            (.error(code: 503, description: "service.unavailable"), "unavailable"),
            (.error(code: 200, description: "no reason"), "refused"), (.tooManyRequests(retryAfter: 1), "unavailable"),
        ] as [(SimulatorFault.Kind, String)]
    )
    func `knows whether a send may have happened`(fault: SimulatorFault.Kind, expected: String) async throws {
        try await MaxRig.run { rig in
            await rig.simulator.add(SimulatorFault(fault, method: "sendMessage"))
            let error = await #expect(throws: SurfaceError.self) {
                try await Self.send(.text(MessageText("hi")), by: rig.makeSurface(), rig)
            }
            switch try #require(error) {
            case .unknownOutcome: #expect(expected == "unknown")
            case .unavailable: #expect(expected == "unavailable")
            case .refused: #expect(expected == "refused")
            default: Issue.record("\(String(describing: error))")
            }
        }
    }

    @Test func `takes no silence for a refusal`() async throws {
        let listener = HTTPListener(address: SocketAddress(host: "127.0.0.1", port: 0))
        try await listener.serve { _ in
            HTTPServerResponse(status: 200, body: .bytes(Array("<html>".utf8)))
        } while: { address in
            let api = MaxAPI(base: "http://\(address)", token: Secret("t"), http: HTTPClient())
            let post = OutboundOperation.send(.text(MessageText("x")), to: ConversationAddress(chat: "1"), replyTo: nil)
            await #expect(throws: SurfaceError.unknownOutcome(reason: "an answer that is no JSON")) {
                try await MaxSpeaker(api: api).perform(post, as: "1")
            }
        }
    }

    @Test func `says that a message cannot be edited any more`() async throws {
        try await MaxRig.run { rig in
            let surface = rig.makeSurface()
            let message = try #require(try await Self.send(.text(MessageText("a")), by: surface, rig).message)
            let edit = OutboundOperation.edit(message, .text(MessageText("b")), in: rig.conversation)
            await rig.simulator.add(SimulatorFault(.error(code: 200, description: "too old"), method: "editMessage"))

            await #expect(throws: SurfaceError.refused(.messageGone, reason: "200 too old")) {
                try await surface.perform(edit, as: "edit")
            }
            _ = try await surface.perform(.delete(message, in: rig.conversation), as: "delete")
            _ = try await surface.perform(.delete(message, in: rig.conversation), as: "delete")
            let error = await #expect(throws: SurfaceError.self) { try await surface.perform(edit, as: "edit") }
            guard case .refused(.messageGone, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test func `shows typing and that a message was seen`() async throws {
        try await MaxRig.run { rig in
            let surface = rig.makeSurface()
            _ = try await surface.perform(.markRead("mid.1", in: rig.conversation), as: "1")
            _ = try await surface.perform(.typing(true, in: rig.conversation), as: "2")
            _ = try await surface.perform(.typing(false, in: rig.conversation), as: "3")

            #expect(await rig.simulator.actions(in: rig.chat) == ["mark_seen", "typing_on"])
        }
    }

    // MARK: Commands

    @Test func `tells the service its commands once`() async throws {
        try await MaxRig.run { rig in
            for _ in 0..<2 {
                try await RecordingInbox(state: rig.state).receive(from: rig.makeSurface()) { _ in
                    rig.state.value("menu") != nil
                }
            }
            #expect(await rig.simulator.menu.contains("new"))
            #expect(await rig.simulator.calls.count { $0.method == "editMyCommands" } == 1)
        }
    }
}
