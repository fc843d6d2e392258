import Basics
import Foundation
import SurfaceKit

@testable import State

/// A store in a folder of its own, removed afterwards.
func withStore<Result: Sendable>(_ body: (SQLiteStore, String) async throws -> Result) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appending(path: "surfaces-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let store = try SQLiteStore(path: "\(directory)/surfaces.db")
    do {
        let result = try await body(store, directory)
        await store.close()
        return result
    } catch {
        await store.close()
        throw error
    }
}

extension SQLiteStore {
    /// Runs statements behind the engine’s back.
    func script(_ sql: String) async throws { try await job(.process) { try $0.script(sql) } }

    /// Runs one statement behind the engine’s back; its rows.
    func rows(_ sql: String) async throws -> [SQLRow] { try await job(.process) { try $0.run(sql) } }

    func count(_ table: String) async throws -> Int64 {
        try await rows("SELECT count(*) AS n FROM \(table)").first?.integer("n") ?? 0
    }

    func turns() async throws -> [TurnRecord] {
        try await rows("SELECT * FROM turn ORDER BY id").map(TurnRecord.init)
    }

    func posts() async throws -> [PostRecord] {
        try await rows("SELECT * FROM post ORDER BY id").map(PostRecord.init)
    }

    /// Everything that the bot was to say, as it was written.
    func said() async throws -> [String] { try await posts().compactMap { $0.content?.words } }

    /// The private chat of `chat`, on no context yet.
    func conversation(_ chat: ChatID = "room", on surface: SurfaceID = "a") async throws -> ConversationID {
        try await write { state in
            let address = ConversationAddress(chat: chat)
            return try state.conversation(on: surface, at: address, kind: .direct, language: nil).id
        }
    }

    /// Owes `content` in the private chat of `chat`.
    @discardableResult
    func owe(
        _ content: MessageContent,
        in chat: ChatID = "room",
        on surface: SurfaceID = "a",
        since time: Timestamp = .now,
        isRepeatable: Bool = false
    ) async throws -> ConversationID {
        let conversation = try await conversation(chat, on: surface)
        try await write { state in
            try state.owe(NewPost(content, in: conversation, isRepeatable: isRepeatable), now: time)
        }
        return conversation
    }

    /// A question that waits.
    @discardableResult
    func ask(
        _ text: String = "hi",
        files: [InboundFile] = [],
        in chat: ChatID = "room",
        on surface: SurfaceID = "a",
        of context: ContextID? = nil
    ) async throws -> TurnRecord {
        try await write { state in
            let id = try state.addSampleTurn(text, files: files, in: chat, on: surface, of: context)
            guard let turn = try state.turn(id) else { throw StateError.failed(reason: "no turn") }
            return turn
        }
    }
}

extension StateChanging {
    func addSampleTurn(
        _ text: String = "hi",
        files: [InboundFile] = [],
        in chat: ChatID = "room",
        on surface: SurfaceID = "a",
        of known: ContextID? = nil
    ) throws -> TurnID {
        let address = ConversationAddress(chat: chat)
        let conversation = try conversation(on: surface, at: address, kind: .direct, language: nil)
        let ann = ContextOwner.person("ann", on: surface)
        let context =
            try known ?? conversation.context ?? makeContext(owner: ann, origin: ann, surface: surface, now: .now)
        try setContext(context, of: conversation.id)
        return try addTurn(
            in: conversation.id,
            of: context,
            message: "m",
            sender: "ann",
            question: Question(text: text, files: files),
            now: .now
        )
    }
}

extension MessageContent {
    /// Its text, or its file’s name in angle brackets.
    var words: String {
        switch self {
        case .text(let text): text.source
        case .file(let file): "<\(file.name)>"
        }
    }
}

extension MessageContent: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self = .text(MessageText(value)) }
}
