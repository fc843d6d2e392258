import Basics
import HTTP
import SurfaceKit
import Testing

@testable import Telegram

@Suite("Options of a Telegram surface")
struct TelegramOptionsTests {
    @Test(arguments: [
        ("123456:ABC-def_1", true), ("123456", false), (":abc", false), ("0123:abc", false), ("12:a b", false),
        ("12:a/b", false), ("123:" + String(repeating: "a", count: 80), false),
    ])
    func `knows a token when it sees one`(token: String, isGood: Bool) {
        let mistakes = TelegramOptions.contradictions(in: OptionValues(["token": .secret(Secret(token))]))

        #expect(mistakes.isEmpty == isGood)
        #expect(mistakes.allSatisfy { !$0.message.contains(token) && !($0.hint ?? "").contains(token) })
    }

    @Test(
        arguments: [
            ("photos/a b.jpg", nil, FileFetcher.Location.url("http://h/file/bot1:t/photos/a%20b.jpg")),
            ("photos/a.jpg", "http://f", .url("http://f/bot1:t/photos/a.jpg")),
            ("/var/lib/1:t/photos/a.jpg", nil, .disk("/var/lib/1:t/photos/a.jpg")),
            ("/var/lib/1:t/photos/a.jpg", "http://f/x", .url("http://f/x/bot1:t/photos/a.jpg")),
        ] as [(String, String?, FileFetcher.Location)]
    )
    func `finds files in the cloud, behind a proxy and on disk`(
        path: String,
        fileBaseURL: String?,
        expected: FileFetcher.Location
    ) {
        var values: [String: OptionValues.Value] = [
            "token": .secret(Secret("1:t")), "apiBaseURL": .string("http://h"),
        ]
        if let fileBaseURL { values["fileBaseURL"] = .string(fileBaseURL) }
        let options = TelegramOptions(OptionValues(values))
        let fetcher = FileFetcher(api: BotAPI(base: "", token: options.token, http: HTTPClient()), options: options)

        #expect(fetcher.location(of: path) == expected)
    }
}
