import Settings
import Testing

@testable import Words

/// What people typed and what lists hold has no bound; what is said of it has.
@Suite("Bounded words")
struct BoundedWordsTests {
    private static let long = String(repeating: "я", count: 4_080)
    private static let context = ContextName(number: 1_796_057_737_435, name: long)

    static let echoes: [Phrase] = [
        .noSuchContext(long), .nameTaken(long), .contextNamed(long), .contextLoaded(context), .contextDeleted(context),
        .contextIsCurrent(context), .notice(.fileUnavailable(name: long)), .notice(.fileTooLarge(name: long, limit: 1)),
        .notice(.filesMissing(names: Array(repeating: long, count: 30))),
        .contextDescription(
            ContextFacts(number: 1, name: long, messages: 1, bytes: 1, surface: "m", chats: 1)
        ),
    ]

    @Test(arguments: echoes, Language.allCases)
    func `are no longer for what is echoed in them`(phrase: Phrase, language: Language) {
        let text = phrase.text(in: language, prefix: "/")

        #expect(text.count < 600)
        #expect(text.contains("…"))
    }

    @Test(arguments: Language.allCases)
    func `list fifty contexts by position and say how many more there are`(language: Language) {
        let lines = (1...50).map { number in
            ContextLine(
                context: ContextName(number: Int64(1_000 + number), name: Self.long),
                messages: 1,
                isCurrent: number == 2
            )
        }

        let said = Phrase.contextList(lines, more: 103).text(in: language, prefix: "/").split(separator: "\n")

        #expect(said.count == 51)
        #expect(said[0].hasPrefix("1. 1001 "))
        #expect(said[1].hasPrefix("2. → 1002 "))
        #expect(said[49].hasPrefix("50. 1050 "))
        #expect(said[50].contains("103"))
        #expect(said.allSatisfy { $0.count < 110 })
    }

    @Test(arguments: Language.allCases)
    func `list fifty files and say how many more wait`(language: Language) {
        let all = Phrase.fileList(Array(repeating: Self.long, count: 57)).text(in: language, prefix: "/")
        let few = Phrase.fileList(["a.png"]).text(in: language, prefix: "/")

        let said = all.split(separator: "\n")
        #expect(said.count == 51)
        #expect(said[50].contains("7"))
        #expect(few == "1. a.png")
    }
}
