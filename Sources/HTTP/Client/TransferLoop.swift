import Basics
import CCurl
import Glibc
import Synchronization

/// The way to the one thread on which libcurl works, for all clients of the process.
final class TransferLoop: Sendable {
    static let shared = TransferLoop()

    enum Command: Sendable {
        case start(PreparedRequest, Exchange)
        case abandon(Exchange, HTTPError)
        case resumeReceiving(Exchange)
        case resumeSending(Exchange)
    }

    private let waiting = Mutex<[Command]>([])
    private let multi: Multi

    private init() {
        // A peer that is gone is an error of its connection, not of the process.
        signal(SIGPIPE, SIG_IGN)
        guard curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK, let multi = curl_multi_init() else {
            preconditionFailure("libcurl cannot be initialized")
        }
        // Its own default follows the number of running transfers: kept connections would go when it is quiet.
        surfaces_curl_set_multi_long(multi, CURLMOPT_MAXCONNECTS, 512)
        self.multi = Multi(handle: multi)
        guard DedicatedThread.start({ [self] in run() }) else {
            preconditionFailure("the HTTP thread cannot be started")
        }
    }

    /// Leaves a command for the loop thread, in order.
    func post(_ command: Command) {
        let isFirst = waiting.withLock { waiting in
            waiting.append(command)
            return waiting.count == 1
        }
        if isFirst { curl_multi_wakeup(multi.handle) }
    }

    private func run() {
        // Signals are for the threads of the program.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, nil)
        var transfers = RunningTransfers(multi: multi.handle)
        while true {
            let commands = waiting.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
            for command in commands { transfers.perform(command) }
            transfers.work()
            curl_multi_poll(multi.handle, nil, 0, transfers.millisecondsToNextDeadline, nil)
        }
    }
}

/// libcurl's set of transfers; only waking it up is allowed from any thread.
private struct Multi: @unchecked Sendable {
    let handle: UnsafeMutableRawPointer
}
