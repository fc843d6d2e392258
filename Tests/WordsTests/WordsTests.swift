import Basics
import Settings
import SurfaceKit
import Testing

@testable import State
@testable import Words

@Suite("Words")
struct WordsTests {
    @Test(arguments: Samples.phrases)
    func `name the same commands, names and numbers in every language`(phrase: Phrase) {
        #expect(phrase.hasSample)
        let texts = Language.allCases.map { phrase.text(in: $0, prefix: "!") }

        for text in texts {
            #expect(Samples.marks(in: text) == Samples.marks(in: texts[0]))
        }
    }

    @Test(arguments: Samples.phrases, Language.allCases)
    func `are whole sentences with the surface’s own prefix`(phrase: Phrase, language: Language) {
        let text = phrase.text(in: language, prefix: "/")

        #expect(text.showsSomething)
        #expect(!text.contains("  ") && !text.contains("!new") && !text.contains("Optional("))
        #expect(text.first?.isWhitespace == false && text.last?.isWhitespace == false)
        let names = ChatCommand.allCases.map { "/\($0.rawValue)" }
        let commands = text.split { $0.isWhitespace || ",.;:".contains($0) }.filter { $0.hasPrefix("/") }
        #expect(commands.allSatisfy { names.contains(String($0)) })
        if case .notice = phrase { #expect(text.hasPrefix("⚠️ ")) }
    }

    @Test(arguments: Samples.phrases)
    func `are written in the letters of the language`(phrase: Phrase) {
        let english = phrase.text(in: .english, prefix: "/")
        let russian = phrase.text(in: .russian, prefix: "/")

        #expect(!english.unicodeScalars.contains { ("а"..."я").contains($0) })
        // A list is nothing but what it lists.
        if case .fileList(let names) = phrase, !names.isEmpty { return }
        #expect(russian.unicodeScalars.contains { ("а"..."я").contains($0) })
    }

    @Test(arguments: [
        (0, "файлов"), (1, "файл"), (2, "файла"), (4, "файла"), (5, "файлов"), (11, "файлов"), (12, "файлов"),
        (14, "файлов"), (20, "файлов"), (21, "файл"), (22, "файла"), (25, "файлов"), (111, "файлов"), (121, "файл"),
    ])
    func `agree with their numbers in Russian`(count: Int, form: String) {
        #expect(Phrase.plural(count, "файл", "файла", "файлов") == form)
    }

    @Test(
        arguments: [
            ("en", .english), ("ru", .russian), ("ru-RU", .russian), ("RU", .russian), ("en_GB", .english),
            ("ru-Latn-RU", .russian), ("de", nil), ("rue", nil), ("", nil), (nil, nil),
        ] as [(String?, Language?)]
    )
    func `come in the language of a tag`(tag: String?, language: Language?) {
        #expect(Language(tag: tag) == language)
    }

    @Test(arguments: [(20_971_520, "20"), (1_572_864, "1.5"), (0, "0"), (104_857, "0"), (104_858, "0.1")])
    func `tell sizes with one decimal when it matters`(bytes: Int, text: String) {
        #expect(Phrase.megabytes(bytes) == text)
    }
}

extension Phrase {
    /// Does not compile when a phrase is added: then give it a sample below.
    fileprivate var hasSample: Bool {
        switch self {
        case .greeting, .help, .newContext, .contextDescription, .contextList, .contextNamed, .contextLoaded,
            .contextIsCurrent, .contextDeleted, .contextReset, .noSuchContext, .nameTaken, .nameUnfit,
            .argumentMissing, .nothingToStop, .restDropped, .stoppedSilently, .nothingToRetry, .stillAnswering,
            .whyNothing, .why,
            .filesStaged, .fileList, .filesRemoved, .noSuchFile:
            true
        case .people(let phrase): phrase.hasSample
        case .notice(let notice): notice.hasSample
        }
    }
}

extension PeoplePhrase {
    fileprivate var hasSample: Bool {
        switch self {
        case .pairingCode, .pairingApproved, .linkCode, .linkOffered, .linked, .linkedFromElsewhere, .linkedAlready,
            .linkCodeUnknown,
            .linkGuessedTooOften, .linkOnlyInPrivate, .nothingToLink, .unlinked, .notLinked:
            true
        }
    }
}

extension Notice {
    fileprivate var hasSample: Bool {
        switch self {
        case .tooManyFiles, .fileTooLarge, .fileUnavailable, .encryptedRoom, .agentUnreachable,
            .agentRefusesCredentials, .agentNotFound, .agentFailed, .agentCutOff, .agentTimedOut, .agentSilent,
            .agentCancelled, .agentWaitsForConfirmation, .agentWithheld, .answerTooLarge, .attachmentUndeliverable,
            .hostRestarted,
            .messageSetAside, .messageRefused, .messagesLost, .stateDamaged, .filesMissing:
            true
        }
    }
}

/// One of each thing that the host says, more where numbers matter.
private enum Samples {
    static let phrases: [Phrase] =
        [
            .greeting, .help, .newContext(number: 7), .contextReset(number: 8), .contextNamed("x"),
            .contextLoaded(named), .contextIsCurrent(unnamed), .contextDeleted(named), .noSuchContext("x"),
            .nameTaken("x"),
            .nameUnfit, .argumentMissing(.load), .argumentMissing(.remove), .nothingToStop, .restDropped(messages: 1),
            .restDropped(messages: 22), .stoppedSilently,
            .nothingToRetry, .stillAnswering, .whyNothing, .filesStaged(count: 1), .filesStaged(count: 3),
            .fileList([]), .fileList(["a.png", "b.txt"]), .filesRemoved(count: 1), .filesRemoved(count: 5), .noSuchFile,
            .contextDescription(facts(messages: 1, chats: 1)), .contextDescription(facts(messages: 22, chats: 5)),
            .contextList(
                [
                    ContextLine(context: named, messages: 1, isCurrent: true),
                    ContextLine(context: unnamed, messages: 12, isCurrent: false),
                ],
                more: 3
            ),
        ] + people.map(Phrase.people) + notices.map(Phrase.notice) + stories.map(Phrase.why)

    static let people: [PeoplePhrase] = [
        .pairingCode("ABCD2345"), .pairingApproved, .linkCode("ABCD2345"), .linkOffered(name: "x", account: account),
        .linked(name: "x", account: account), .linkedFromElsewhere(name: "x", account: account), .linkedAlready,
        .linkCodeUnknown, .linkGuessedTooOften,
        .linkOnlyInPrivate, .nothingToLink, .unlinked, .notLinked,
    ]

    private static let account = Account(surface: "m", person: "7")

    static let notices: [Notice] = [
        .tooManyFiles(limit: 1), .tooManyFiles(limit: 10), .fileTooLarge(name: "a.png", limit: 20_971_520),
        .fileUnavailable(name: "a.png"), .encryptedRoom, .agentUnreachable, .agentRefusesCredentials, .agentNotFound,
        .agentFailed, .agentCutOff, .agentTimedOut, .agentSilent, .agentCancelled, .agentWithheld,
        .agentWaitsForConfirmation(question: nil), .agentWaitsForConfirmation(question: "Delete a.txt?"),
        .answerTooLarge, .attachmentUndeliverable, .hostRestarted, .messageSetAside,
        .messageRefused, .messagesLost, .stateDamaged, .filesMissing(names: ["a.png"]),
    ]

    static let endings: [TurnRecord.Ending] = [
        .answered, .empty, .waitsForConfirmation, .agentCancelled, .failed, .truncated, .timedOut, .tooLarge,
        .unreachable, .refused, .filesUnavailable, .stopped, .withdrawn, .cut, .gone,
    ]

    static let stories: [TurnStory] =
        [story(.waiting), story(.waiting, attempts: 1), story(.waiting, attempts: 3), story(.sent)]
        + endings.map { story(.ended, ending: $0) }

    private static let named = ContextName(number: 5, name: "x")
    private static let unnamed = ContextName(number: 6, name: nil)

    private static func facts(messages: Int, chats: Int) -> ContextFacts {
        ContextFacts(number: 9, name: "x", messages: messages, bytes: 4_096, surface: "m", chats: chats)
    }

    private static func story(
        _ state: TurnRecord.State,
        attempts: Int = 0,
        ending: TurnRecord.Ending? = nil
    ) -> TurnStory {
        let started = state == .waiting ? nil : Timestamp(milliseconds: 3_000)
        let turn = TurnRecord(
            id: TurnID(1),
            conversation: ConversationID(1),
            context: ContextID(1),
            message: "m",
            sender: "p",
            question: Question(text: "", files: []),
            state: state,
            acceptedAt: Timestamp(milliseconds: 1_000),
            triedAt: started,
            attempts: attempts,
            sentAt: started,
            textAt: started.map { Timestamp(milliseconds: $0.milliseconds + 1_500) },
            endedAt: state == .ended ? Timestamp(milliseconds: 9_000) : nil,
            ending: ending,
            answer: nil
        )
        return TurnStory(turn, replies: [])
    }

    /// The commands, numbers and names in `text`, whatever the order of words.
    static func marks(in text: String) -> [String] {
        text.split { $0.isWhitespace || ",.;:()“”«»".contains($0) }
            .filter { word in
                ["x", "a.png", "m", "N"].contains(word) || word.contains { $0.isASCII && $0.isNumber }
                    || ChatCommand.allCases.contains { word == "!\($0.rawValue)" }
            }
            .map(String.init)
            .sorted()
    }
}
