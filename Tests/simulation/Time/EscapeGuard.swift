import Glibc

/// Ends the process when a task runs anywhere but on the simulation’s executor: its history would not be the seed’s.
enum EscapeGuard {
    private typealias Hook = @convention(thin) (UnownedJob, @convention(thin) (UnownedJob) -> Void) -> Void

    static func install() {
        guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "swift_task_enqueueGlobal_hook") else {
            fatalError("this Swift runtime has no hook for tasks")
        }
        symbol.assumingMemoryBound(to: Hook?.self).pointee = { _, _ in
            fatalError("a task left the simulation's executor: give it the one of its System")
        }
    }
}
