import Glibc

/// `surfaces-simulate`: plays scenes from seeds.
///
/// - `FIRST LAST` plays these seeds, and tells of each that ends in a fault, with the few steps that are needed for it.
/// - `--find FIRST LAST` plays them up to the first fault.
/// - `--digest FIRST LAST` plays them and prints what their traces add up to.
/// - `--trace SEED [STEP…]` plays one, or these steps of it, and prints all that happens.
@main
enum Simulate {
    static func main() {
        EscapeGuard.install()
        let arguments = Array(CommandLine.arguments.dropFirst())
        let numbers = arguments.drop { $0.hasPrefix("--") }.compactMap { UInt64($0) }
        switch (arguments.first, numbers.count) {
        case ("--trace"?, 1...): exit(trace(numbers[0], steps: numbers.dropFirst().map { Int($0) }) ? 0 : 1)
        case ("--find"?, 2) where numbers[0] <= numbers[1]: find(numbers[0]...numbers[1])
        case ("--digest"?, 2) where numbers[0] <= numbers[1]: digest(numbers[0]...numbers[1])
        case (_, 2) where arguments.count == 2 && numbers[0] <= numbers[1]:
            exit(play(numbers[0]...numbers[1]) == 0 ? 0 : 1)
        default:
            print("usage: surfaces-simulate FIRST LAST")
            print("       surfaces-simulate --find FIRST LAST | --digest FIRST LAST | --trace SEED [STEP…]")
            exit(64)
        }
    }

    /// - Returns: The number of seeds that ended in a fault.
    private static func play(_ seeds: ClosedRange<UInt64>) -> Int {
        var failed = 0
        for seed in seeds {
            let faults = played(Story(seed: seed)).faults
            guard !faults.isEmpty else { continue }
            failed += 1
            print("seed \(seed): \(faults.joined(separator: "; "))")
            let small = Shrink.smallest(Story(seed: seed)) { !played($0).faults.isEmpty }
            print("  --trace \(seed) \(small.steps.map { String($0.number) }.joined(separator: " "))")
            for step in small.steps { print("  \(step)") }
            fflush(nil)
        }
        print("\(seeds.count) seeds from \(seeds.lowerBound), \(failed) with faults")
        return failed
    }

    private static func find(_ seeds: ClosedRange<UInt64>) {
        for seed in seeds {
            // Told before it is played: it may end the process.
            print("seed \(seed)", terminator: "")
            fflush(nil)
            let faults = played(Story(seed: seed)).faults
            if !faults.isEmpty {
                print(": \(faults.joined(separator: "; "))")
                exit(1)
            }
            print("")
        }
    }

    private static func digest(_ seeds: ClosedRange<UInt64>) {
        for seed in seeds { print(seed, played(Story(seed: seed)).trace.digest) }
    }

    private static func trace(_ seed: UInt64, steps: [Int]) -> Bool {
        var story = Story(seed: seed)
        if !steps.isEmpty { story.steps.removeAll { !steps.contains($0.number) } }
        let play = played(story)
        for (index, chat) in story.chats.enumerated() {
            print("chat \(index): \(chat.id) on \(story.messengers[chat.messenger].name), \(chat.kind), \(chat.people)")
        }
        print("one call in \(story.rage) goes wrong (0: none)")
        for line in play.trace.lines { print(line) }
        for fault in play.faults { print("FAULT \(fault)") }
        print("\(play.system.steps) steps, digest \(play.trace.digest)")
        return play.faults.isEmpty
    }

    private static func played(_ story: Story) -> Play {
        let play = Play(story, folder: "/dev/shm/surfaces-simulation-\(getpid())")
        play.run()
        return play
    }
}
