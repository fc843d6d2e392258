import Basics

/// Child tasks that are added while a body runs, and that have ended when it returns.
package struct TaskScope: Sendable {
    private enum Request: Sendable {
        case add(@Sendable () async -> Void)
        case cancelAll
    }

    private let requests: AsyncStream<Request>.Continuation

    /// Runs `job` as a child of the scope.
    ///
    /// Added after the body has returned, it never starts.
    package func add(_ job: @escaping @Sendable () async -> Void) { requests.yield(.add(job)) }

    /// Cancels the children, those that are added later too.
    package func cancelAll() { requests.yield(.cancelAll) }

    /// Runs `body`; what it added is awaited, not cancelled, before this returns.
    ///
    /// Cancelling reaches the children. What is added later starts all the same, cancelled from the beginning: somebody
    /// may wait for its end.
    package static func run<Result: Sendable>(
        on system: any System,
        _ body: @Sendable (TaskScope) async -> Result
    ) async -> Result {
        let (requests, continuation) = AsyncStream.makeStream(of: Request.self)
        // A task of its own, which ends below: a cancelled one would not take requests any more.
        let children = Task(executorPreference: system.executor) {
            await withDiscardingTaskGroup { group in
                for await request in requests {
                    switch request {
                    case .add(let job): group.addTask { await job() }
                    case .cancelAll: group.cancelAll()
                    }
                }
            }
        }
        return await withTaskCancellationHandler {
            let result = await body(TaskScope(requests: continuation))
            continuation.finish()
            await children.value
            return result
        } onCancel: {
            continuation.yield(.cancelAll)
        }
    }
}
