import Basics
import SurfaceKit
import Testing

@Suite("Webhook route", .timeLimit(.minutes(1)))
struct WebhookRouteTests {
    private let route = WebhookRoute(url: "https://bots.example/hooks/one", secret: Secret("s3cret"))

    private func post(_ body: [UInt8] = [1], secret: String? = "s3cret") async -> WebhookRequest.Answer {
        await route.deliver(body) { name in name == "X-Secret" ? secret : nil }
    }

    @Test func `answers what the surface says of each request`() async {
        let requests = route.requests(secretIn: "X-Secret")
        let taken = Task {
            var bodies: [[UInt8]] = []
            for await request in requests {
                bodies.append(request.body)
                request.answer(request.body == [1] ? .accepted : .unavailable)
                if bodies.count == 2 { return bodies }
            }
            return bodies
        }

        #expect(await post([1]) == .accepted)
        #expect(await post([2]) == .unavailable)
        #expect(await taken.value == [[1], [2]])
    }

    @Test func `is unavailable while nobody takes requests`() async {
        #expect(await post() == .unavailable)

        let first = route.requests(secretIn: "X-Secret")
        let taken = Task { for await request in first { request.answer(.accepted) } }
        #expect(await post() == .accepted)
        taken.cancel()
        await taken.value

        #expect(await post() == .unavailable)
    }

    @Test(arguments: [nil, "", "s3cre", "s3crets", "S3CRET"])
    func `lets nobody in without the secret`(secret: String?) async {
        let requests = route.requests(secretIn: "X-Secret")
        let taken = Task { for await request in requests { request.answer(.accepted) } }
        defer { taken.cancel() }

        #expect(await post(secret: secret) == .unauthorized)
    }

    @Test func `has a request that was dropped sent again`() async {
        let requests = route.requests(secretIn: "X-Secret")
        let taken = Task { for await _ in requests { return } }

        #expect(await post() == .unavailable)
        await taken.value
    }

    @Test func `does not wait for a surface when the client has gone`() async {
        let requests = route.requests(secretIn: "X-Secret")
        let posted = Task { await post() }
        var iterator = requests.makeAsyncIterator()
        let held = await iterator.next()

        posted.cancel()

        #expect(await posted.value == .unavailable)
        held?.answer(.accepted)
    }

    @Test func `hands requests to who asked last`() async {
        let old = route.requests(secretIn: "X-Secret")
        let new = route.requests(secretIn: "X-Secret")
        let taken = Task { for await request in new { request.answer(.accepted) } }
        defer { taken.cancel() }

        #expect(await post() == .accepted)
        for await _ in old { Issue.record("the old one got a request") }
    }
}
