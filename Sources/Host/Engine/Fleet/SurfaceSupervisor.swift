import Basics
import Metrics
import State
import SurfaceKit

/// Keeps one surface receiving: begins anew after every loss, and when a receive call is overdue.
struct SurfaceSupervisor: Sendable {
    let runtime: SurfaceRuntime
    let store: any StateStore
    let inbox: DurableInbox

    /// How long the first receive call of a start may take.
    private static let firstCall = Duration.seconds(60)

    /// Why receiving is over.
    private enum End {
        case lost(SurfaceError)
        /// The messenger will never say anything again; it can still be spoken to.
        case finished
        case cancelled
    }

    /// Receives until cancelled.
    func run() async {
        var losses = 0
        runtime.health.move(to: .starting, reason: nil)
        while !Task.isCancelled {
            let end = await receiveOnce()
            if Task.isCancelled { break }
            switch end {
            case .lost(let loss):
                losses = runtime.health.snapshot.state == .receiving ? 1 : losses + 1
                await pause(after: loss, losses: losses)
            case .finished:
                runtime.health.move(to: .stopped, reason: "nothing more can come in")
                // What is still to be answered goes out.
                return await Wakeup().wait()
            case .cancelled: break
            }
        }
        runtime.health.move(to: .stopped, reason: nil)
    }

    private func receiveOnce() async -> End {
        let checkpoint: Checkpoint?
        do {
            checkpoint = try await store.read { [id = runtime.id] in try $0.checkpoint(of: id) }
        } catch {
            return .lost(.unavailable(reason: "the state cannot be read: \(Fault(error).reason)"))
        }
        runtime.health.expectFirst(within: Self.firstCall)
        return await withTaskGroup(of: End.self) { group in
            group.addTask { await receive(from: checkpoint) }
            group.addTask {
                await runtime.health.overdue()
                return Task.isCancelled ? .cancelled : .lost(.unavailable(reason: "the receive call is overdue"))
            }
            let first = await group.next() ?? .cancelled
            group.cancelAll()
            return first
        }
    }

    private func receive(from checkpoint: Checkpoint?) async -> End {
        do throws(SurfaceError) {
            try await runtime.surface.receive(from: checkpoint, into: inbox)
            return .finished
        } catch {
            return .lost(error)
        }
    }

    private func pause(after loss: SurfaceError, losses: Int) async {
        switch loss {
        case .unavailable(let retryAfter, let limited, let reason):
            if limited { runtime.metrics.limited(for: retryAfter ?? .zero) }
            runtime.health.move(to: .retrying, reason: reason)
            await sleep(retryAfter ?? Backoff.delay(attempt: losses))
        case .unknownOutcome(let reason):
            runtime.health.move(to: .retrying, reason: reason)
            await sleep(Backoff.delay(attempt: losses))
        case .refused(.checkpointLost, let reason):
            runtime.health.move(to: .retrying, reason: reason)
            runtime.log.warning("The messenger forgot where we were: receiving begins anew")
            _ = try? await store.write { [id = runtime.id] in try $0.setCheckpoint(nil, of: id) }
            await sleep(Backoff.delay(attempt: losses))
        case .refused(_, let reason), .unauthorized(let reason):
            runtime.health.move(to: .needsAttention, reason: reason)
            await sleep(.seconds(60))
        case .cancelled: break
        }
    }

    private func sleep(_ duration: Duration) async { try? await runtime.system.sleep(for: duration) }
}
