import Glibc

/// What the system says about this process, as `/proc` has it.
package struct ProcessUsage: Sendable {
    package var cpuSeconds: Double
    package var residentBytes: Int
    package var virtualBytes: Int
    package var openDescriptors: Int
    package var mostDescriptors: Double
    /// Since 1970; `nil` when the system does not say.
    package var startSeconds: Double?

    /// The process now; `nil` where there is no `/proc`.
    package static func now() -> ProcessUsage? {
        guard let memory = words(of: "/proc/self/statm"), memory.count > 1,
            let size = Int(memory[0]), let resident = Int(memory[1]), let descriptors = openDescriptors()
        else { return nil }
        var usage = rusage()
        var limit = rlimit()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0,
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        else { return nil }
        let page = sysconf(Int32(_SC_PAGESIZE))
        return ProcessUsage(
            cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            residentBytes: resident * page,
            virtualBytes: size * page,
            openDescriptors: descriptors,
            mostDescriptors: limit.rlim_cur == rlim_t.max ? .infinity : Double(limit.rlim_cur),
            startSeconds: start
        )
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }

    private static func openDescriptors() -> Int? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var entries = 0
        while readdir(directory) != nil { entries += 1 }
        // Besides `.`, `..` and the one that it is read through.
        return max(0, entries - 3)
    }

    private static let start: Double? = {
        // The second word is the program's name, which may hold anything.
        guard let stat = text(of: "/proc/self/stat"), let end = stat.lastIndex(of: ")"),
            let boot = text(of: "/proc/stat")?.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }),
            let booted = Double(boot.dropFirst(6))
        else { return nil }
        let words = stat[end...].split(separator: " ")
        guard words.count > 20, let ticks = Double(words[20]) else { return nil }
        return booted + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }()

    private static func words(of path: String) -> [Substring]? { text(of: path)?.split(separator: " ") }

    /// A file of `/proc` has no size to ask for.
    private static func text(of path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}
