import Basics
import Foundation
import SurfaceKit
import Testing

@testable import Max

@Suite("Options of a MAX surface")
struct MaxOptionsTests {
    @Test(arguments: [
        ("f9LHodD0cOJf4_DkJGeq8BkDgc5vgSwZ", true), ("Bearer f9LHodD0", false), ("", false), ("a\nb", false),
        ("\"quoted\"", false), ("ключ", false), (String(repeating: "a", count: 600), false),
    ])
    func `know a token when they see one`(token: String, isGood: Bool) {
        let mistakes = MaxOptions.contradictions(in: OptionValues(["token": .secret(Secret(token))]))

        #expect(mistakes.isEmpty == isGood)
        #expect(token.isEmpty || mistakes.allSatisfy { !$0.message.contains(token) })
    }

    @Test func `name what is wrong with a file of certificates`() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "ca-\(UUID().uuidString).pem").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        func problem() -> String? {
            MaxOptions.contradictions(in: OptionValues(["trustedCertificates": .string(path)])).first?.message
        }

        #expect(problem() == "cannot be used: the file does not exist")
        try Data("no certificate".utf8).write(to: URL(filePath: path))
        #expect(problem() == "holds no certificate in PEM form")
        try Data("x\n-----BEGIN CERTIFICATE-----\n".utf8).write(to: URL(filePath: path))
        #expect(problem() == nil)
    }

    @Test(arguments: [("123", true), ("0", false), ("-5", false), ("007", false), ("@ann", false), ("", false)])
    func `know an account when they see one`(text: String, isGood: Bool) {
        #expect(MaxOptions.accounts.matches(text) == isGood)
    }

    @Test func `have the service's address and polling unless told otherwise`() {
        let options = MaxOptions(OptionValues(["token": .secret(Secret("t"))]))

        #expect(options.apiBaseURL == "https://platform-api2.max.ru")
        #expect(options.receiving == .polling)
        #expect(options.trustedCertificates == nil)
        #expect(!MaxOptions.needsWebhook(OptionValues([:])))
        #expect(MaxOptions.needsWebhook(OptionValues(["receive": .string("webhook")])))
    }
}
