import SurfaceKit

/// One run of the host’s process, which can die at any commit and between.
///
/// From its death on nothing that it does has any effect: neither on the state nor on the world.
final class Life: @unchecked Sendable {
    /// When a commit kills it.
    enum Death {
        /// The commit is lost.
        case before
        /// The commit holds, and nobody hears of it.
        case after
    }

    let number: Int
    private(set) var isOver = false
    private var commitsLeft: (count: Int, death: Death)?
    private var whenOver: [@Sendable () -> Void] = []

    init(number: Int) { self.number = number }

    /// Dies in the `count`th commit from now.
    func dies(inCommit count: Int, _ death: Death) { commitsLeft = (count, death) }

    /// Counts a commit that is about to be made; how this life ends in it, if it does.
    func commit() -> Death? {
        guard let left = commitsLeft else { return nil }
        guard left.count <= 1 else {
            commitsLeft = (left.count - 1, left.death)
            return nil
        }
        commitsLeft = nil
        return left.death
    }

    func end() {
        guard !isOver else { return }
        isOver = true
        for action in whenOver { action() }
        whenOver = []
    }

    func onEnd(_ action: @escaping @Sendable () -> Void) { isOver ? action() : whenOver.append(action) }
}
