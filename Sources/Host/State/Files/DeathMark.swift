import Basics
import Glibc
import SurfaceKit
import Synchronization

/// Remembers over the death of this process which event it was taking, and in how many deaths an event had a part.
///
/// It is a page of a file that is mapped into memory: a mark costs no system call and no commit, and the kernel keeps
/// the page when the process dies. A power cut may lose it, which costs one more attempt at most.
package final class DeathMark: Sendable {
    /// An event that is being taken, or in which the process has died: the first bytes of a digest of its name.
    private typealias Name = (UInt64, UInt64)

    private struct Entry {
        var name: Name
        var deaths: UInt64
    }

    /// The event that is being taken, then those in which the process has died.
    private static let entries = 64
    private static let size = entries * MemoryLayout<Entry>.stride

    private let page: Mutex<MappedPage>

    /// Opens, or makes, the file at `path`; an event that was being taken when the last process died has one more death.
    ///
    /// - Throws: ``StateError/unwritable(reason:)``.
    package init(path: String) throws(StateError) {
        let mapped = try MappedPage(path: path, size: Self.size)
        page = Mutex(mapped)
        page.withLock { Self.countDeath(in: $0.entries) }
    }

    /// In how many deaths of the process `event` had a part.
    package func deaths(in event: EventID, of surface: SurfaceID) -> Int {
        let name = Self.name(event, surface)
        return page.withLock { page in
            let entries = page.entries
            return Self.index(of: name, in: entries).map { Int(clamping: entries[$0].deaths) } ?? 0
        }
    }

    /// Marks `event` while `body` takes it; for one event at a time, as the writer of the state takes them.
    package func during<Result>(_ event: EventID, of surface: SurfaceID, _ body: () throws -> Result) rethrows -> Result
    {
        let name = Self.name(event, surface)
        page.withLock { $0.entries[0] = Entry(name: name, deaths: 1) }
        defer { page.withLock { $0.entries[0] = Entry(name: (0, 0), deaths: 0) } }
        return try body()
    }

    /// Forgets the deaths of an event that is taken, or set aside.
    package func forget(_ event: EventID, of surface: SurfaceID) {
        let name = Self.name(event, surface)
        page.withLock { page in
            guard let index = Self.index(of: name, in: page.entries) else { return }
            page.entries[index] = Entry(name: (0, 0), deaths: 0)
        }
    }

    private static func countDeath(in page: UnsafeMutablePointer<Entry>) {
        let current = page[0]
        guard current.deaths > 0 else { return }
        page[0] = Entry(name: (0, 0), deaths: 0)
        if let known = index(of: current.name, in: page) {
            page[known].deaths = min(page[known].deaths, 1000) + 1
        } else {
            let places = 1..<entries
            let free = places.first { page[$0].deaths == 0 } ?? places.min { page[$0].deaths < page[$1].deaths } ?? 1
            page[free] = current
        }
    }

    private static func index(of name: Name, in page: UnsafeMutablePointer<Entry>) -> Int? {
        (1..<entries).first { page[$0].deaths > 0 && page[$0].name == name }
    }

    private static func name(_ event: EventID, _ surface: SurfaceID) -> Name {
        let digest = sha256(Array("\(surface)\u{0}\(event)".utf8))
        func word(_ start: Int) -> UInt64 { digest[start..<(start + 8)].reduce(0) { $0 << 8 | UInt64($1) } }
        return (word(0), word(8))
    }

    /// A file in memory.
    private struct MappedPage: ~Copyable, @unchecked Sendable {
        let entries: UnsafeMutablePointer<Entry>
        private let memory: UnsafeMutableRawPointer
        private let size: Int

        init(path: String, size: Int) throws(StateError) {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw .unwritable(reason: StateFolder.fault(errno, at: path)) }
            defer { close(descriptor) }
            // Allocated now: a full disk must not end the process at a write into memory.
            var code = EINTR
            while code == EINTR { code = posix_fallocate(descriptor, 0, off_t(size)) }
            guard code == 0 else { throw .unwritable(reason: StateFolder.fault(code, at: path)) }
            let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
            guard let memory, memory != MAP_FAILED else {
                throw .unwritable(reason: StateFolder.fault(errno, at: path))
            }
            self.memory = memory
            self.size = size
            entries = memory.bindMemory(to: Entry.self, capacity: size / MemoryLayout<Entry>.stride)
        }

        deinit { munmap(memory, size) }
    }
}
