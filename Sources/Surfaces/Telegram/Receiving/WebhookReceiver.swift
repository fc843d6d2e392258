import Basics
import SurfaceKit

/// Receives updates that Telegram posts, each answered once the inbox has accepted it.
struct WebhookReceiver<Box: Inbox> {
    private enum Happening: Sendable {
        case posted(WebhookRequest)
        /// Something that was held back may be complete.
        case due
        /// The registration does not stand.
        case failed(SurfaceError)
    }

    /// The header in which Telegram echoes `secret_token` (Bot API, setWebhook).
    private static var secretHeader: String { "X-Telegram-Bot-Api-Secret-Token" }

    let api: BotAPI
    let context: SurfaceContext
    let inbox: Box
    let route: WebhookRoute

    func run(_ desk: UpdateDesk) async throws(SurfaceError) {
        var desk = desk
        try await accept(try await desk.restore(from: context.state), nil)
        let error: SurfaceError = await withDiscardingTaskGroup { group in
            let (happenings, post) = AsyncStream.makeStream(of: Happening.self)
            defer { group.cancelAll() }
            group.addTask {
                for await request in route.requests(secretIn: Self.secretHeader) { post.yield(.posted(request)) }
            }
            group.addTask {
                let registration = WebhookRegistration(api: api, route: route, log: context.log)
                post.yield(.failed(await registration.keep { await inbox.receiving(nextWithin: $0) }))
            }
            var waits = false
            for await happening in happenings {
                if case .due = happening { waits = false }
                do throws(SurfaceError) { try await take(happening, &desk) } catch { return error }
                guard !waits, let due = desk.nextDue else { continue }
                waits = true
                group.addTask {
                    try? await Task.sleep(until: due, clock: .continuous)
                    post.yield(.due)
                }
            }
            return .cancelled
        }
        throw error
    }

    private func take(_ happening: Happening, _ desk: inout UpdateDesk) async throws(SurfaceError) {
        switch happening {
        case .failed(let error): throw error
        case .due: try await accept(desk.due(at: .now), nil)
        case .posted(let request):
            guard let update = try? JSONValue(parsing: request.body), let id = update["update_id"]?.int64 else {
                // Sent again it would be the same.
                context.log.warning("A request to the webhook holds no update", ["bytes": request.body.count])
                return request.answer(.accepted)
            }
            // So that a change to polling goes on after it.
            try await accept(desk.take([update], at: .now), Checkpoint(String(id + 1)))
            request.answer(.accepted)
        }
    }

    private func accept(_ batch: UpdateDesk.Batch, _ checkpoint: Checkpoint?) async throws(SurfaceError) {
        guard checkpoint != nil || !batch.events.isEmpty || !batch.state.isEmpty else { return }
        try await inbox.accept(batch.events, checkpoint: checkpoint, state: batch.state)
    }
}
