import Foundation
import Testing

@testable import AgentLink

@Suite("Retry-After")
struct RetryAfterTests {
    /// Sun, 06 Nov 1994 08:49:37 GMT.
    private let now = Date(timeIntervalSince1970: 784_111_777)

    @Test(arguments: [
        ("0", Duration.zero), ("120", .seconds(120)), (" 7 ", .seconds(7)),
        ("99999999999999999999", .seconds(86_400)),
        ("Sun, 06 Nov 1994 08:50:07 GMT", .seconds(30)),
        ("Sunday, 06-Nov-94 08:50:07 GMT", .seconds(30)),
        ("Sun Nov  6 08:50:07 1994", .seconds(30)),
        ("Sun, 06 Nov 1994 08:49:07 GMT", .zero),
        ("Fri, 31 Dec 1999 23:59:59 GMT", .seconds(86_400)),
    ])
    func `is a number of seconds or a date`(value: String, delay: Duration) {
        #expect(RetryAfter.parse(value, now: now) == delay)
    }

    @Test(arguments: [nil, "", "soon", "-1", "1.5", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT"])
    func `is ignored when it is neither`(value: String?) {
        #expect(RetryAfter.parse(value, now: now) == nil)
    }
}
